/// Plain tables that functions return.
extension ObjectDeclaration {
    static let plain = [
        ObjectDeclaration(
            "vast.User", "The account.", sample: "vast.user()",
            fields: [
                FieldDeclaration("id", "integer", "the account's id"), FieldDeclaration("email", "string?", "its address"),
                FieldDeclaration("credit", "number?", "in $")
            ]),
        ObjectDeclaration(
            "vast.Error",
            "What a failure raises; `tostring` gives one line with the script's file and line, and below it the hint where there is one for just this failure.",
            sample: #"select(2, vast.try("not_found", vast.stop, 1))"#, isOpen: true,
            fields: [
                FieldDeclaration("kind", "vast.ErrorKind", "what kind of failure it is"),
                FieldDeclaration("message", "string", "what happened and what to do next"),
                FieldDeclaration("attempts", "integer", "how often the request was sent"),
                FieldDeclaration("status", "integer?", "of HTTP"), FieldDeclaration("code", "string?", "the API's own word"),
                FieldDeclaration("id", "integer?", "the instance's id; also as `instance`"),
                FieldDeclaration("instance", "integer?", "the instance's id"),
                FieldDeclaration("ids", "integer[]", "every instance that it is about; of a list: those that failed"),
                FieldDeclaration(
                    "retryable", "boolean",
                    "whether the same call may work later, and repeating it can do no harm: never after a reboot or recycle was sent, nor "
                        + "of kind partial, since a part is done; see results[id].retryable"),
                FieldDeclaration("hint", "string", "what would help, such as a limit to raise"),
                FieldDeclaration("request", "string?", "such as PUT /api/v0/instances/12/"),
                FieldDeclaration("results", "table<integer, true|vast.Error>?", "of a list: what became of each"),
                FieldDeclaration(
                    "ended_by", "string?", "of partial: what ended the list before all was tried: guard, unauthorized, cancelled or state")
            ]),
        ObjectDeclaration(
            "vast.Change", "Something that happened to an instance.", sample: "vast.changes()[1]",
            fields: [
                FieldDeclaration("event", "vast.Event", "what happened"), FieldDeclaration("id", "integer", "the instance's id"),
                FieldDeclaration("now", "vast.Instance?", "how it is; nil when it is gone"),
                FieldDeclaration("before", "vast.Instance?", "how it was; nil when it is new"),
                FieldDeclaration("at", "number", "when it was seen, in Unix seconds"),
                FieldDeclaration("by", "\"us\"|\"other\"|\"unknown\"", "who did it"),
                FieldDeclaration("verb", "any", "of not_followed: what was ordered, such as stop"),
                FieldDeclaration("why", "any", "of not_followed: since when, and how it is")
            ]),
        ObjectDeclaration(
            "vast.Sample", "One reading of an instance.", sample: "vast.instance(40112233):history()[1]",
            fields: [
                FieldDeclaration("time", "number", "in Unix seconds"), FieldDeclaration("state", "vast.State", "its state"),
                FieldDeclaration("gpu_util", "number?", "in percent"), FieldDeclaration("gpu_temp", "number?", "in degrees Celsius"),
                FieldDeclaration("cpu_util", "number?", "as the service gives it"),
                FieldDeclaration("mem_usage", "number?", "as the service gives it"), FieldDeclaration("disk_usage", "number?", "in GB"),
                FieldDeclaration("inet_up", "number?", "in Mbit/s"), FieldDeclaration("inet_down", "number?", "in Mbit/s"),
                FieldDeclaration("rate", "number?", "in $/h"), FieldDeclaration("num_gpus", "integer?", "how many GPUs")
            ]),
        ObjectDeclaration(
            "vast.StopRisk", "What a stop may cost.", sample: "vast.instance(40112233):stop_risk()",
            fields: [
                FieldDeclaration("storage_rate", "number?", "what goes on billing, in $/h"),
                FieldDeclaration("interruptible", "boolean?", "whether it has to win a bid to start again"),
                FieldDeclaration("ends_in", "number?", "seconds to the contract's end"),
                FieldDeclaration("starts", "integer?", "how often a start was tried"),
                FieldDeclaration("refused_starts", "integer?", "how many of these were refused"),
                FieldDeclaration("risks", "string[]", "the same in words")
            ]),
        ObjectDeclaration(
            "vast.Wishes", "What a label asks for.", sample: "vast.instance(40112233):wishes()",
            fields: [
                FieldDeclaration("keep", "boolean", "whether policies leave it alone"),
                FieldDeclaration("keep_until", "number?", "until when, in Unix seconds"),
                FieldDeclaration("freeze", "boolean", "whether nothing may change it"),
                FieldDeclaration("on_at", "number?", "in Unix seconds"), FieldDeclaration("off_at", "number?", "in Unix seconds"),
                FieldDeclaration("lease", "number?", "how long a run may last, in seconds"),
                FieldDeclaration("lease_until", "number?", "when a run is to end, in Unix seconds"),
                FieldDeclaration("lease_ends", "number?", "in Unix seconds; nil also where nobody knows when the run began"),
                FieldDeclaration("problems", "string[]", "what could not be read; policies leave it alone until that is corrected")
            ]),
        ObjectDeclaration(
            "vast.Excess", "What vast.budget tells before it stops something.", sample: "excess",
            fields: [
                FieldDeclaration("rate", "number", "what the fleet costs, in $/h"),
                FieldDeclaration("is_lower_bound", "boolean", "whether it costs more than that, since some rows do not say what they cost"),
                FieldDeclaration("allowed", "number", "what it may cost, in $/h"),
                FieldDeclaration("credit", "number?", "in $"), FieldDeclaration("why", "string", "which bound it is"),
                FieldDeclaration("stops", "vast.List", "what is going to be stopped")
            ]),
        ObjectDeclaration(
            "vast.Response", "What vast.http returns.", sample: #"vast.http.get("http://localhost:1/")"#,
            fields: [
                FieldDeclaration("status", "integer", "of HTTP"), FieldDeclaration("ok", "boolean", "whether it is 200 to 299"),
                FieldDeclaration("headers", "table<string, string>", "by names in lower case"),
                FieldDeclaration("body", "string", "as it came")
            ]),
        ObjectDeclaration(
            "vast.ExecResult", "What a program has left.", sample: #"vast.exec{"uname"}"#,
            fields: [
                FieldDeclaration("code", "integer", "how it ended"), FieldDeclaration("out", "string", "its output, at most 1 MiB"),
                FieldDeclaration("err", "string", "its errors, at most 1 MiB"),
                FieldDeclaration("truncated", "boolean", "whether there was more")
            ])
    ]
}
