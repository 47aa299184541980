; Offers Soundpost under "Open with" for sound, and takes no type over: the installer's own associations would make it the default.

!macro soundpostOffer EXT
  WriteRegStr SHELL_CONTEXT "Software\Classes\.${EXT}\OpenWithProgids" "Soundpost.audio" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}\SupportedTypes" ".${EXT}" ""
!macroend

!macro soundpostWithdraw EXT
  DeleteRegValue SHELL_CONTEXT "Software\Classes\.${EXT}\OpenWithProgids" "Soundpost.audio"
!macroend

!macro soundpostEach DEED
  !insertmacro ${DEED} "mp3"
  !insertmacro ${DEED} "wav"
  !insertmacro ${DEED} "flac"
  !insertmacro ${DEED} "ogg"
  !insertmacro ${DEED} "opus"
  !insertmacro ${DEED} "m4a"
  !insertmacro ${DEED} "aac"
  !insertmacro ${DEED} "webm"
  !insertmacro ${DEED} "aiff"
  !insertmacro ${DEED} "aif"
!macroend

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\Soundpost.audio" "" "Sound"
  WriteRegStr SHELL_CONTEXT "Software\Classes\Soundpost.audio\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  WriteRegStr SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  !insertmacro soundpostEach soundpostOffer
!macroend

!macro customUnInstall
  !insertmacro soundpostEach soundpostWithdraw
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Soundpost.audio"
  DeleteRegKey SHELL_CONTEXT "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}"
!macroend
