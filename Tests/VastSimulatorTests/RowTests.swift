import Testing
import VastJSON

@testable import VastSimulator

@Suite struct RowTests {
    private func members(_ value: JSONValue?) -> [(name: String, value: JSONValue)] {
        guard case .object(let object)? = value else { return [] }
        return Array(object)
    }

    private var example: JSONValue { (try? JSONDocument(parsing: contractRow))?.root.value ?? .null }

    private func kind(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "bool"
        case .integer, .unsigned: "integer"
        case .double: "double"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    @Test("a generated row has the members of the contract's example, in its order")
    func names() {
        let row = Rig([running(1)]).list().json["instances"]?.elements?.first
        #expect(members(row).map(\.name) == members(example).map(\.name))
        #expect(members(example).count > 85)
    }

    @Test("a generated row has the types of the contract's example")
    func types() {
        let row = Rig([running(1)]).list().json["instances"]?.elements?.first
        for (name, value) in members(example) {
            let own = row?[name] ?? .null
            if value == .null || own == .null && name == "label" { continue }
            #expect(kind(own) == kind(value), "\(name)")
        }
    }

    @Test("show is the row of the list without volume_info")
    func show() {
        let rig = Rig([running(1)])
        var listed = members(rig.list().json["instances"]?.elements?.first).map(\.name)
        listed.removeAll { $0 == "volume_info" }
        #expect(members(rig.send("GET", "/api/v0/instances/1/?owner=me").json["instances"]).map(\.name) == listed)
    }

    @Test("a stopped row differs from a running one where the contract says so, and nowhere else")
    func stoppedRow() {
        let rig = Rig([running(1)])
        let before = rig.list().json["instances"]?.elements?.first
        _ = rig.send("PUT", "/api/v0/instances/1/", ["state": "stopped"])
        rig.clock.advance(by: .seconds(1))
        let after = rig.list().json["instances"]?.elements?.first
        let differing = members(before).filter { after?[$0.name] != $0.value }.map(\.name)
        let allowed: Set = [
            "actual_status", "intended_status", "cur_state", "next_state", "gpu_util", "gpu_temp", "cpu_util", "mem_usage", "vmem_usage",
            "ports", "instance"
        ]
        #expect(Set(differing).isSubset(of: allowed), "\(differing)")
        #expect(after?["actual_status"] == "exited")
        #expect(after?["gpu_util"] == .null)
        #expect(after?["ports"] == .null)
        #expect(after?["instance"]?["gpuCostPerHour"] == 0)
        #expect(after?["instance"]?["totalHour"] == after?["storage_total_cost"])
    }

    @Test("the total rate is the GPUs' and the disk's together")
    func rates() {
        for row in Rig([running(1), stopped(2)]).list().json["instances"]?.elements ?? [] {
            let sum = (row["dph_base"]?.number ?? 0) + (row["storage_total_cost"]?.number ?? 0)
            #expect(abs((row["dph_total"]?.number ?? 0) - sum) < 1e-6)
        }
    }

    @Test("disk figures are -1 until an instance has booted")
    func diskUnknown() {
        let rig = Rig([running(1) { $0.status = Status(actual: nil, intended: "running", current: "running", next: "running") }]) {
            $0.timing.provisioning = 100...100
        }
        let row = rig.list().json["instances"]?.elements?.first
        #expect(row?["disk_usage"]?.number == -1 && row?["disk_util"]?.number == -1)
        #expect(row?["actual_status"] == .null)
    }
}
