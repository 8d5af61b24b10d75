#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import FleetClock
package import VastJSON

/// The simulator's own routes, for tests in other languages. They need no key, are not limited, not logged, and no fault
/// strikes them:
/// - `GET /simulator/state`: virtual time, credit, rate, counts of faults and of requests;
/// - `GET /simulator/rows`: all rows; `GET /simulator/log`, `DELETE /simulator/log`;
/// - `POST /simulator/advance` with `seconds`: so much virtual time passes at once;
/// - `POST /simulator/events` with `id`, `event` and perhaps `after` in seconds, see ``WorldEvent/init(_:)``;
/// - `PUT /simulator/faults` with a ``FaultPlan``; `PUT /simulator/behaviour` with names and values of ``Behaviour``;
/// - `PUT /simulator/limits` with `enabled`, `multiplier`, `form`, `retry_after`, `refusal_restarts`, `shares_bulk` and
///   `thresholds` (seconds by route); `PUT /simulator/credit` with `dollars`.
extension Backend {
    mutating func control(_ name: String, _ request: SimulatedRequest) -> SimulatedResponse {
        switch (request.method, name) {
        case ("GET", "state"): return state
        case ("GET", "rows"): return rows
        case ("GET", "log"): return .json(.array(log.map(\.json)))
        case ("DELETE", "log"):
            log = []
            return .success
        case ("PUT", "faults"): return planFaults(request)
        default: break
        }
        guard Self.controls.contains(name), request.method != "GET" else { return Self.unknownControl }
        guard case .object(let body)? = Self.object(request.body) else {
            return .failure(400, "invalid_args", "the body of \(name) must be a JSON object")
        }
        return switch name {
        case "advance": advance(body)
        case "events": schedule(body)
        case "behaviour": setBehaviour(body)
        case "limits": setLimits(body)
        case "credit": setCredit(body)
        default: Self.unknownControl
        }
    }

    private static let controls = ["advance", "events", "behaviour", "limits", "credit"]

    private static let unknownControl = SimulatedResponse.failure(
        404, "not_found",
        "GET state, rows or log; POST advance or events; PUT faults, behaviour, limits or credit; DELETE log")

    private var state: SimulatedResponse {
        let faults = JSONObject(self.faults.counts.sorted { $0.key < $1.key }.map { ($0.key, .integer(Int64($0.value))) })
        return .json([
            "now": .double(world.now.timeIntervalSince1970), "credit": .double(world.account.credit), "rate": .double(world.rate),
            "spent": .double(world.account.spent), "instances": .integer(Int64(world.ids.count)),
            "requests": .integer(Int64(log.count)), "refused": .integer(Int64(log.count { $0.status == 429 })), "faults": .object(faults)
        ])
    }

    private var rows: SimulatedResponse {
        var body: [UInt8] = Array("[".utf8)
        for (number, id) in world.ids.enumerated() {
            if number > 0 { body.append(UInt8(ascii: ",")) }
            if let instance = world.instances[id] { body.append(contentsOf: world.row(instance, columns: nil)) }
        }
        return .json(bytes: body + Array("]".utf8))
    }

    private mutating func advance(_ body: JSONObject) -> SimulatedResponse {
        guard let seconds = body["seconds"]?.number, (0...1e10).contains(seconds) else {
            return Self.bad("seconds must be a number from 0 to 1e10")
        }
        skipped += seconds
        world.advance(to: world.now.addingTimeInterval(seconds))
        return state
    }

    private mutating func schedule(_ body: JSONObject) -> SimulatedResponse {
        guard let event = body["event"]?.text.flatMap(WorldEvent.init(_:)) else {
            return Self.bad("event must be one of \(WorldEvent.names)")
        }
        guard body["after"].map({ ($0.number ?? -1) >= 0 }) ?? true else {
            return Self.bad("after must be a number of seconds, not below 0")
        }
        guard let id = body["id"]?.wholeNumber, world.schedule(event, on: id, after: Duration(clampingSeconds: body["after"]?.number ?? 0))
        else {
            return Self.bad("id must be that of an instance")
        }
        return .success
    }

    private mutating func planFaults(_ request: SimulatedRequest) -> SimulatedResponse {
        do {
            setFaults(try FaultPlan(json: request.body))
            return .success
        } catch {
            return Self.bad("\(error)")
        }
    }

    private mutating func setBehaviour(_ body: JSONObject) -> SimulatedResponse {
        var behaviour = options.behaviour
        do {
            for (name, value) in body { try behaviour.set(name, to: value.text ?? Self.plain(value)) }
        } catch {
            return Self.bad("\(error)")
        }
        options.behaviour = behaviour
        world.behaviour = behaviour
        pages = PageCache()
        return .success
    }

    private mutating func setLimits(_ body: JSONObject) -> SimulatedResponse {
        var limits = options.rateLimits
        if let value = body["enabled"]?.truth { limits.isEnabled = value }
        if let value = body["multiplier"]?.number { limits.multiplier = value }
        if let value = body["form"]?.text.flatMap(RateLimits.BodyForm.init) { limits.bodyForm = value }
        if let value = body["retry_after"]?.text.flatMap(RateLimits.RetryAfterHeader.init) { limits.retryAfterHeader = value }
        if let value = body["refusal_restarts"]?.truth { limits.refusalRestarts = value }
        if let value = body["shares_bulk"]?.truth { limits.sharesBulk = value }
        if case .object(let thresholds)? = body["thresholds"] {
            for (route, seconds) in thresholds { limits.thresholds[route] = seconds.number }
        }
        options.rateLimits = limits
        limiter = RateLimiter(limits)
        return .success
    }

    private mutating func setCredit(_ body: JSONObject) -> SimulatedResponse {
        guard let dollars = body["dollars"]?.number, abs(dollars) <= 1e12 else { return Self.bad("dollars must be a number up to 1e12") }
        world.setCredit(dollars)
        return state
    }

    private static func plain(_ value: JSONValue) -> String {
        String(decoding: (try? value.serialized()) ?? [], as: UTF8.self)
    }

    private static func bad(_ message: String) -> SimulatedResponse { .failure(400, "invalid_args", message) }
}

extension LoggedRequest {
    /// As one line of a log file, and in the answer to `GET /simulator/log`.
    package var json: JSONValue {
        [
            "time": .double(time), "uptime": .double(uptime), "method": .string(method), "path": .string(target), "route": .string(route),
            "status": .integer(Int64(status)), "bytes": .integer(Int64(bytes)), "fault": fault.map(JSONValue.string) ?? .null
        ]
    }

    /// One line of a log file, with its line feed.
    package var line: [UInt8] { ((try? json.serialized()) ?? []) + [UInt8(ascii: "\n")] }
}
