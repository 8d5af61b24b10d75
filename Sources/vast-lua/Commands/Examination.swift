import FleetCalendar
import FleetClock
import FleetRules
import FleetSafety
import FleetStore
import Glibc
import LuaEngine
import VastAPI
import VastJSON

/// The checks of `vast-lua doctor`, in their order.
struct Examination {
    /// How far the clocks may differ before dates mislead.
    private static let tolerableOffset = 60.0

    private let connection: FleetConnection
    private let environment: ProcessEnvironment
    private let clock: any FleetClock
    private let isSimulated: Bool

    init(_ connection: FleetConnection, _ environment: ProcessEnvironment, clock: any FleetClock, isSimulated: Bool) {
        self.isSimulated = isSimulated
        self.connection = connection
        self.environment = environment
        self.clock = clock
    }

    func run() -> [Finding] {
        let (file, config) = configFile
        return [engine, parser, zones, restricted, stateDirectory, config] + freeze + failedPolicies + service(only: file?.account)
    }

    // MARK: this machine

    private var engine: Finding {
        do {
            let host = try LuaHost(clock: clock)
            defer { host.close() }
            guard case .string(let version)? = try host.run("return _VERSION").first else {
                return Finding(name: "lua", status: .failed, detail: "does not say its version", code: .scriptFailed)
            }
            return Finding(name: "lua", status: .ok, detail: version)
        } catch {
            return Finding(name: "lua", status: .failed, detail: "\(error)", code: .scriptFailed)
        }
    }

    private var restricted: Finding {
        Finding(name: "restricted", status: .ok, detail: "scripts under --restricted are confined by \(Confinement.summary)")
    }

    private var parser: Finding {
        do {
            _ = try JSONDocument(parsing: Array("[1]".utf8))
            return Finding(name: "json", status: .ok, detail: "simdjson")
        } catch {
            return Finding(name: "json", status: .failed, detail: "\(error)", code: .scriptFailed)
        }
    }

    /// Where laws about clocks are known from, and until when.
    private var zones: Finding {
        let catalog = ZoneCatalog(environment: environment.values)
        guard let data = catalog.data else {
            return Finding(
                name: "zones", status: .warning,
                detail: "no zone files in \(catalog.folders.joined(separator: " or ")): UTC alone is known; install the package tzdata")
        }
        guard let version = data.version else {
            return Finding(name: "zones", status: .skipped, detail: "\(data.folder) does not tell its version (it has no tzdata.zi)")
        }
        let shown = "time zone data \(PrintableText.safe(version)) in \(data.folder)"
        guard data.isOld(at: clock.unixTime) else { return Finding(name: "zones", status: .ok, detail: shown) }
        return Finding(
            name: "zones", status: .warning,
            detail: "\(shown): over a year old, so that newer laws about clocks are not known; upgrade the package tzdata")
    }

    /// The directory, or where it would be made.
    private var stateDirectory: Finding {
        do {
            let (path, isMissing) = try StateDatabase(directory: environment.stateDirectory).examine()
            return Finding(name: "state", status: .ok, detail: isMissing ? "\(path) (not made yet)" : path)
        } catch {
            return Finding(name: "state", status: .failed, detail: "\(error)", code: .scriptFailed)
        }
    }

    private var configFile: (file: ConfigFile?, finding: Finding) {
        do {
            let file = try ConfigFile.read(environment)
            return (file, Finding(name: "config", status: .ok, detail: ConfigFile.path(environment)))
        } catch {
            return (nil, Finding(name: "config", status: .failed, detail: "\(error)", code: .usage))
        }
    }

    private var freeze: [Finding] {
        guard !isSimulated, let directory = try? environment.stateDirectory,
            let freeze = FreezeFile(directory: directory).current(at: clock.unixTime)
        else { return [] }
        return [Finding(name: "freeze", status: .warning, detail: freeze.refusal(at: clock.unixTime).message)]
    }

    private var failedPolicies: [Finding] {
        guard !isSimulated, let account = try? connection.accountName(), let directory = try? environment.stateDirectory else { return [] }
        return FailedPolicies.findings(StateDatabase(directory: directory), account: account, now: clock.unixTime)
    }

    // MARK: the service

    private func service(only name: String?) -> [Finding] {
        let way = isSimulated ? [] : [way] + pace
        do {
            let client = try connection.client()
            let key = client.configuration.key
            var findings =
                way + [Finding(name: "key", status: .ok, detail: "found: \(key.source)\(isSimulated ? "" : otherKeys(than: key))")]
            let (user, account) = account(client, only: isSimulated ? nil : name)
            findings += [account] + (user.map { [permissions(client, of: $0)] } ?? []) + list(client) + [offset(client)]
            return findings
        } catch {
            let finding = failure(connection.lacksKey || (error as? VastError)?.kind == .unauthorized ? "key" : "service", error)
            return way
                + [finding, Finding(name: "service", status: .skipped, detail: "not tried")]
                .filter { $0.status != .skipped || finding.name != "service" }
        }
    }

    /// How requests get to the service.
    private var way: Finding {
        do {
            return Finding(name: "network", status: .ok, detail: try connection.network.way(to: try connection.url()))
        } catch {
            return failure("network", error)
        }
    }

    private var pace: [Finding] {
        guard let problem = connection.pacingProblem else { return [] }
        return [Finding(name: "pace", status: .warning, detail: "not shared with all your other processes: \(problem)")]
    }

    /// Every place with a key that does not count, since another stands before it.
    private func otherKeys(than key: APIKey) -> String {
        let places = APIKey.places(environment: environment.values, home: environment.home)
        let others = places.compactMap { place -> String? in
            guard case .key(let other) = place.content, place.source != key.source else { return nil }
            return "\(place.source) (\(other.isSame(as: key) ? "the same key" : "another key"))"
        }
        return others.isEmpty ? "" : "; it counts, and not \(others.joined(separator: ", "))"
    }

    /// What the key may do, as far as the service tells.
    private func permissions(_ client: VastClient, of user: User) -> Finding {
        let name = "permissions"
        guard let id = user.keyID else {
            return Finding(name: name, status: .skipped, detail: "the service does not say which key this is")
        }
        do {
            guard let permissions = try blocking({ try await client.permissions(of: id) }) else {
                return Finding(name: name, status: .skipped, detail: "the service does not list what key \(id) may do")
            }
            let shown = "key \(id): \(PrintableText.safe(permissions.text, limit: 300))"
            guard permissions.has("instance_read") else {
                return Finding(
                    name: name, status: .warning,
                    detail: "\(shown); without instance_read no instance can be seen: make a key that has it at "
                        + "https://cloud.vast.ai/manage-keys/")
            }
            let reads = permissions.has("instance_write") ? "" : "; without instance_write it changes nothing"
            return Finding(name: name, status: .ok, detail: shown + reads)
        } catch {
            return Finding(name: name, status: .skipped, detail: "the service does not tell them: \(error)")
        }
    }

    private func account(_ client: VastClient, only name: String?) -> (user: User?, finding: Finding) {
        let began = clock.uptime
        do {
            let user = try blocking { try await client.user() }
            if let refusal = name.flatMap({ AccountChecked.refusal(of: user, only: $0) }) { return (nil, failure("account", refusal)) }
            let milliseconds = Int(((clock.uptime - began).seconds * 1_000).rounded())
            let who = [user.email, "user \(user.id)", user.credit.map { "credit $\($0)" }].compactMap(\.self)
            let finding = Finding(
                name: "account", status: .ok,
                detail: "\(client.configuration.url) answers in \(milliseconds) ms: \(who.joined(separator: ", "))")
            return (user, finding)
        } catch {
            return (nil, failure("account", error))
        }
    }

    private func list(_ client: VastClient) -> [Finding] {
        do {
            let snapshot = try blocking { try await client.list() }
            let directory = isSimulated ? nil : try? environment.stateDirectory
            let queued = directory.map { LeftQueued.lines(in: snapshot, connection, in: $0) } ?? []
            return [Finding(name: "instances", status: .ok, detail: "\(snapshot.instances.count) can be read")]
                + queued.map { Finding(name: "starts", status: .warning, detail: $0) } + labels(snapshot)
        } catch {
            return [failure("instances", error)]
        }
    }

    /// Labels that version 0.1 read otherwise, while they are left alone for that.
    private func labels(_ snapshot: FleetSnapshot) -> [Finding] {
        guard !isSimulated, let directory = try? environment.stateDirectory else { return [] }
        let (now, database) = (clock.unixTime, StateDatabase(directory: directory))
        guard database.exists, let account = try? connection.accountName() else { return [] }
        let zones = ZoneCatalog(environment: environment.values)
        let zone = configFile.file?.zone ?? zones.machineZoneOrUTC
        return ((try? LabelGrammarStore(database, account: account).state()) ?? .settled)
            .findings(in: snapshot, now: now) { EarlierLabelGrammar.brackets(of: $0, now: now, zone: zone, zones: zones) }
    }

    private func offset(_ client: VastClient) -> Finding {
        guard let offset = client.clockOffset?.seconds else {
            return Finding(name: "clock", status: .skipped, detail: "the service did not say its time")
        }
        let whole = Int(min(abs(offset), 1e15).rounded())
        guard abs(offset) > Self.tolerableOffset else {
            return Finding(name: "clock", status: .ok, detail: "agrees with the service within \(max(1, whole)) s")
        }
        return Finding(
            name: "clock", status: .warning,
            detail: "the service's clock is \(whole) s \(offset > 0 ? "ahead" : "behind"); set this machine's clock")
    }

    private func failure(_ name: String, _ error: any Error) -> Finding {
        let kind = (error as? VastError)?.kind.rawValue
        return Finding(name: name, status: .failed, detail: "\(error)", code: ExitCode(errorKind: kind))
    }
}

extension LabelGrammarStore.State {
    /// What people are told of it.
    fileprivate func findings(in snapshot: FleetSnapshot, now: Double, _ brackets: (String) -> [String]) -> [Finding] {
        let time: String
        switch self {
        case .settled: return []
        case .pending: time = "for 24 hours from the next run on"
        case .begun(let transition):
            guard now < transition.end else { return [] }
            time = "for another \(DurationFormat.format(Duration(clampingSeconds: transition.end - now)))"
        }
        return snapshot.instances.compactMap { instance in
            let found = brackets(instance.label)
            guard !found.isEmpty else { return nil }
            let text = PrintableText.safe(found.joined(separator: " "), limit: 120)
            return Finding(
                name: "labels", status: .warning,
                detail: "\(instance.id): \(text) protected it in version 0.1; it is left alone \(time). [keep] protects for longer")
        }
    }
}
