// What the client gives and takes: whoever imports the client has it too.
@_exported public import VastModels
