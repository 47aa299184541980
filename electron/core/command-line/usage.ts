/** What `soundpost --help` prints. */
export const usage = `Usage: soundpost run [FILE] (--model ID | --url URL | --demo echo|speak|transcribe) [FIELD…] [options]
       soundpost history [TEXT] [--model ID] [--preset NAME] [--state STATE] [--since TIME] [--until TIME] [--starred] [--limit N] [--json]
       soundpost show ID [--json | --code LANGUAGE]

       soundpost run --preset NAME [FILE…] [FIELD…] [options]
       soundpost models [TEXT] [--key NAME] [--json]
       soundpost keys [--json] | keys add [NAME] < FILE | keys check NAME | keys rename NAME NEW | keys remove NAME | keys use NAME
       soundpost presets [--json] | presets export NAME… | presets import FILE

FILE alone means byte_data@FILE. A FIELD is
  name=text      a text
  name:=json     a number, true, false, null, a list or a map; 1 is an integer, 1.0 a float
  name@file      the bytes of a file
A name such as a[b][c] puts the value inside maps, a[] or a[0] into a list; multipart sends names as they are written.
A file that the model fetches itself is a text: url=https://…
With --preset, FIELDs replace the preset's values and options what else it says; each FILE is a run of its own, one after another,
and goes into the field that takes the dropped file. --out is then a folder, or a name with {input}, {preset}, {model} or {date};
without it a preset that saves its answers does so in the folder of the settings.

Options
  --deployment production|development|env:NAME|ID   default: production
  --path PATH           what follows the deployment in the address, such as sync/v1/audio/speech; default: predict
  --body msgpack|json|multipart|raw                 default: msgpack
  --answer auto|message|stream                      default: auto
  --as NAME=HOW         how a file travels: bytes, base64, data-uri, or as numpy samples:
                        samples:float32|int16@RATE[:mono|frames-channels|channels-frames]; can be repeated
                        WAV files alone can go as samples; default: bytes in msgpack, base64 in JSON, a file in multipart
  --pcm ENCODING@RATE[:CHANNELS]   how headerless sound in the answer is read, such as s16le@24000 or mulaw@8000:2;
                        ENCODING is s16, s24, s32 or f32 with le or be, u8, s8, mulaw or alaw
  --auth api-key|bearer|none                        default: api-key
  --key NAME            the kept key of that name, with its installation's addresses; default: the active one
  --allow-host HOST     may be sent the key, besides Baseten's hosts; can be repeated
  --timeout SECONDS     for the whole run; default: none
  --connect-timeout SECONDS      default: 30
  --first-byte-timeout SECONDS   wait for the model; default: 1260, as cold starts are held silently
  --idle-timeout SECONDS         without a byte; default: 120 sending, 600 receiving
  --retries N           further tries; default: 4 on 429 and 503, 2 when nothing could be sent
  --ca FILE             trust these certificates (PEM) too
  --out PATH|DIR|-      where parts go; default: the run's folder. An array of samples becomes a WAV
                        - is standard output: a stream's bytes while they come; of declared events the sound in them,
                        or with --answer stream the events themselves
  --force               replace files that exist
  --json                one JSON object a line on standard output
  --dry-run             send nothing; print the curl command that would send the same
  --code curl|python|javascript|cli                 the same as a program, or as a line for this one; show ID has it too
  --sha256              add each part's SHA-256

history lists the runs of the command line and the app, newest first; TEXT is looked for in file names, fields, answers and notes.
  --state running|done|failed|cancelled|interrupted
  --since, --until 36h|7d|2w|2026-11-24   started at or after, started before
  --limit N             default: 20
show tells all of one run; the beginning of its ID is enough. With --json history prints one JSON object a line, show one.

models lists the account's models with the states of their deployments, as --model and --deployment take them.

The key is BASETEN_API_KEY, or the active one of those in the system's keychain. keys add reads one from standard input. One for an
installation of your own has its addresses, and is sent to no other host:
  --management URL --inference 'https://model-{id}.api.example.com'
Exit status: 0 done, 1 refused by the model or server, 2 usage, 3 network, 4 local file or disk, 130 cancelled.
`;
