import FleetClock
import VastJSON

@testable import VastSimulator

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The beginning of all worlds in these tests.
let beginning = Date(timeIntervalSince1970: 1_795_000_000)

/// A world of one instance per specification, without chance in its timing.
func world(
    _ specifications: [InstanceSpecification], machines: [Int64: Machine] = [:], _ change: (inout SimulatorOptions) -> Void = { _ in }
) -> World {
    var options = SimulatorOptions()
    options.timing.contractStop = 2...2
    options.timing.containerStop = 3...3
    options.timing.startPending = 4...4
    options.timing.loading = 20...20
    options.timing.reboot = 10...10
    options.timing.recycle = 5...5
    options.timing.flicker = 6...6
    options.timing.outage = 300...300
    change(&options)
    let instances = specifications.map { $0.instance(at: beginning, seed: 1) }
    return World(Fleet(instances: instances, machines: machines), now: beginning, options: options)
}

func running(_ id: Int64, _ change: (inout InstanceSpecification) -> Void = { _ in }) -> InstanceSpecification {
    var specification = InstanceSpecification(id: id, label: "job-\(id)")
    specification.machine = 1000 + id
    change(&specification)
    return specification
}

func stopped(_ id: Int64, _ change: (inout InstanceSpecification) -> Void = { _ in }) -> InstanceSpecification {
    running(id) {
        $0.isOn = false
        change(&$0)
    }
}

extension World {
    /// `actual / intended / current / next`, as the contract writes its rows.
    func words(_ id: Int64) -> String {
        guard let status = instances[id]?.status else { return "gone" }
        return [status.actual ?? "null", status.intended, status.current, status.next].joined(separator: "/")
    }

    /// Lets seconds pass.
    mutating func pass(_ seconds: Double) { advance(to: now.addingTimeInterval(seconds)) }
}

/// A service on virtual time, and what one does with it.
struct Rig {
    let clock = VirtualClock(start: beginning)
    let service: SimulatedService
    var key: String? = "simulator"

    init(
        _ specifications: [InstanceSpecification] = [running(11), running(12), stopped(13)],
        _ change: (inout SimulatorOptions) -> Void = { _ in }
    ) {
        var options = SimulatorOptions()
        options.timing = .immediate
        change(&options)
        let fleet = Fleet(instances: specifications.map { $0.instance(at: beginning, seed: 1) })
        service = SimulatedService(fleet, options: options, clock: clock)
    }

    func send(_ method: String, _ target: String, _ body: JSONValue? = nil) -> Answer {
        let bytes = body.flatMap { try? $0.serialized() } ?? []
        return Answer(
            service.respond(to: SimulatedRequest(method, target, authorization: key.map { "Bearer \($0)" }, body: bytes)))
    }

    func list(_ query: String = "") -> Answer { send("GET", "/api/v1/instances/" + query) }
}

/// An answer with its body read.
struct Answer {
    let response: SimulatedResponse
    var status: Int { response.status }
    var text: String { String(decoding: response.body, as: UTF8.self) }
    var json: JSONValue { (try? JSONDocument(parsing: response.body))?.root.value ?? .null }
    var error: String? { json["error"]?.text }
    var ids: [Int64] { json["instances"]?.elements?.compactMap { $0["id"]?.wholeNumber } ?? [] }

    init(_ response: SimulatedResponse) { self.response = response }
}
