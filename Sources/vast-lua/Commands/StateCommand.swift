import ArgumentParser
import FleetCalendar
import FleetClock
import FleetRules
import FleetStore
import VastJSON
import VastLua

/// `vast-lua state`: what is kept on disk; `vast-lua state prune`: drops what is too old.
struct StateCommand: ProgramCommand {
    enum Action: String, ExpressibleByArgument, CaseIterable {
        case prune
    }

    static let configuration = CommandConfiguration(
        commandName: "vast-lua state", abstract: "Shows what is kept on disk and since when; `prune` drops what is too old.",
        discussion: """
            Every run drops what is too old by itself, for at most 200 ms at a time. How long is kept is in config.json: \
            {"retention": {"journal": "400d", "readings": "90d"}}. Kept in any case: the last 48 hours, changes that are open or of \
            unknown outcome, and what `undo` of the last 20 runs needs.
            """)

    @Argument(help: "Drop what is too old now, and give the space back.") var action: Action?
    @Option(help: ArgumentHelp("How long changes are kept; with prune.", valueName: "length")) var journal: String?
    @Option(help: ArgumentHelp("How long readings are kept; with prune.", valueName: "length")) var readings: String?
    @Flag(help: "One JSON object.") var json = false

    func validate() throws {
        guard action != nil || journal == nil && readings == nil else { throw ValidationError("--journal and --readings go with prune") }
    }

    func perform(_ environment: ProcessEnvironment) throws -> ExitCode {
        let zones = ZoneCatalog(environment: environment.values)
        let config = try ConfigFile.read(environment, zones: zones)
        let database = StateDatabase(directory: try environment.stateDirectory)
        guard database.exists else {
            StandardOutput.write(json ? "{}" : "nothing is kept yet in \(database.directoryPath)")
            return .done
        }
        guard action == .prune else { return try show(database, config.zone ?? zones.machineZoneOrUTC) }
        return try prune(database, try periods(config.retention))
    }

    private func periods(_ usual: RetentionPeriods) throws -> RetentionPeriods {
        let lengths = try [("--journal", journal), ("--readings", readings)].map { option, text in
            let length = try text.map { try DurationFormat.usage(option, $0) }
            guard length.map({ $0 >= RetentionPeriods.least }) ?? true else {
                throw UsageError("\(option) is at least \(DurationFormat.format(RetentionPeriods.least))")
            }
            return length
        }
        return RetentionPeriods(journal: lengths[0] ?? usual.journal, readings: lengths[1] ?? usual.readings)
    }

    private func prune(_ database: StateDatabase, _ periods: RetentionPeriods) throws -> ExitCode {
        let before = try StateInventory(database).bytes
        let pruner = StatePruner(database, periods)
        let count = try pruner.prune(now: SystemClock().unixTime, within: nil)
        try pruner.compact()
        let bytes = try StateInventory(database).bytes
        if json {
            try printObject([
                "runs": .integer(Int64(count.runs)), "changes": .integer(Int64(count.changes)),
                "requests": .integer(Int64(count.requests)), "readings": .integer(Int64(count.samples)),
                "stays": .integer(Int64(count.intervals)), "bytes_before": .integer(Int64(before)), "bytes": .integer(Int64(bytes))
            ])
        } else {
            StandardOutput.write(
                "dropped \(count.runs) runs, \(count.changes) changes, \(count.requests) requests and \(count.samples) readings; "
                    + "\(Self.size(before)) -> \(Self.size(bytes))")
        }
        return .done
    }

    private func show(_ database: StateDatabase, _ zone: Zone) throws -> ExitCode {
        let inventory = try StateInventory(database)
        if json {
            var object: JSONObject = [
                "path": .string(database.path), "bytes": .integer(Int64(inventory.bytes)),
                "free_bytes": .integer(Int64(inventory.freeBytes))
            ]
            for entry in inventory.entries {
                var row: JSONObject = ["count": .integer(Int64(entry.count))]
                row["oldest"] = entry.oldest.map { .double($0) }
                row["newest"] = entry.newest.map { .double($0) }
                object[entry.name.replacing(" ", with: "_")] = .object(row)
            }
            try printObject(object)
            return .done
        }
        let free = inventory.freeBytes > 0 ? ", of them \(Self.size(inventory.freeBytes)) free" : ""
        StandardOutput.write("\(PlainText.safe(database.path)): \(Self.size(inventory.bytes))\(free)")
        var table = TextTable([.init("WHAT"), .init("ROWS", isRight: true), .init("FROM"), .init("TO")])
        for entry in inventory.entries {
            table.add([entry.name, "\(entry.count)", Self.time(entry.oldest, zone), Self.time(entry.newest, zone)])
        }
        for line in table.lines { StandardOutput.write(line) }
        return .done
    }

    private static func time(_ time: Double?, _ zone: Zone) -> String { time.map { ShownTime.full($0, zone) } ?? "" }

    private static func size(_ bytes: Int) -> String {
        bytes < 1_000_000 ? "\((bytes + 999) / 1_000) kB" : "\(Double(bytes / 100_000) / 10) MB"
    }

    private func printObject(_ object: JSONObject) throws {
        StandardOutput.write(String(decoding: try JSONValue.object(object).serialized(), as: UTF8.self))
    }
}
