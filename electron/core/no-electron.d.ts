// `electron` resolves to this empty module inside core, so importing anything from it fails to compile.
export {};
