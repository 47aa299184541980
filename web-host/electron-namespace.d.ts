// Brings the global namespace `Electron`, which the stand-ins are typed by.
/// <reference types="electron" />
