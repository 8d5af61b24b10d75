import VastJSON

/// What a restricted script's process is told to run, in the first frame.
package struct RestrictedOrder: Sendable, Equatable {
    /// The script's path; nil: standard input.
    package var script: String?
    /// The words of `arg`, from the script at 0.
    package var words: [String] = []
    /// Whether each of its jobs runs once, and the script ends then.
    package var runsOnce = false
    /// Whether its changes are only planned.
    package var isPlanning = false
    /// The zone of dates and calendars that name none.
    package var zone: String?
    /// From which level on log lines are sent, by the level's name.
    package var logLevel = "info"
    /// How fast the script's time goes, and where it stands, in Unix seconds.
    package var speed = 1.0
    /// Where the script's time stands, in Unix seconds.
    package var now = 0.0
    /// Until when policies leave alone what labels protected in version 0.1, in Unix seconds; nil: that is over.
    package var earlierLabelsUntil: Double?
    /// The most that Lua may hold, in bytes.
    package var memoryLimit: Int64 = 256 << 20
    /// The most seconds of computing.
    package var cpuLimit: Int64 = 60

    /// An order for no script: the caller fills in what is to be run.
    package init() {}

    /// The order as one frame of the channel; a script's process reads it with ``init(bytes:)``.
    package var frame: [UInt8] {
        var frame = ChannelFrame()
        frame.put("order", ChannelOrder.start.rawValue)
        frame.put("script", script)
        frame.array("words", words) { $0.string($1) }
        frame.put("runs_once", runsOnce)
        frame.put("is_planning", isPlanning)
        frame.put("zone", zone)
        frame.put("log_level", logLevel)
        frame.put("speed", speed)
        frame.put("now", now)
        frame.put("earlier_labels_until", earlierLabelsUntil)
        frame.put("memory_limit", memoryLimit)
        frame.put("cpu_limit", cpuLimit)
        return frame.bytes
    }

    /// - Throws: ``ChannelError``.
    package init(bytes: [UInt8]) throws {
        try self.init(channel: try JSONDocument(parsing: bytes).root)
    }

    private init(channel json: JSON) throws(ChannelError) {
        guard json["order"]?.string == ChannelOrder.start.rawValue else { throw .malformed("the first frame is no order to start") }
        script = try json.optional("script") { $0.string }
        words = try json.required("words") { $0.list { $0.string } }
        runsOnce = try json.required("runs_once") { $0.bool }
        isPlanning = try json.required("is_planning") { $0.bool }
        zone = try json.optional("zone") { $0.string }
        logLevel = try json.required("log_level") { $0.string }
        speed = try json.required("speed") { $0.double }
        now = try json.required("now") { $0.double }
        earlierLabelsUntil = try json.optional("earlier_labels_until") { $0.double }
        memoryLimit = try json.required("memory_limit") { $0.int64 }
        cpuLimit = try json.required("cpu_limit") { $0.int64 }
    }
}
