#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

extension Fleet {
    /// A believable fleet of forty: most of it training or idle, and one of every trap that a rule can fall into.
    ///
    /// - Parameter now: the virtual time of the beginning.
    package static func standard(at now: Date, seed: UInt64 = 1) -> Fleet {
        let specifications = training + idle + serving + stopped + special
        var fleet = Fleet(instances: specifications.map { $0.instance(at: now, seed: seed) })
        // Two machines on which others wait for GPUs, and one on which they are taken already.
        fleet.machines[31_001] = Machine(gpus: 8, takenByOthers: 6, takenAfter: .seconds(300))
        fleet.machines[31_002] = Machine(gpus: 2, takenAfter: .seconds(120))
        fleet.machines[31_003] = Machine(gpus: 4, takenByOthers: 4)
        fleet.events = [
            Plan(after: 2400, instance: 40_112_274, event: .hostBack),
            Plan(after: 3600, instance: 40_112_235, event: .flickers)
        ]
        return fleet
    }

    /// A fleet of any size, for measurements: two thirds on, every third of those idle, every tenth labelled `keep`.
    ///
    /// - Parameters:
    ///   - count: how many instances.
    ///   - allOn: whether none is stopped.
    package static func generated(_ count: Int, at now: Date, seed: UInt64 = 1, allOn: Bool = false) -> Fleet {
        let instances = (0..<Int64(count)).map { number in
            var specification = InstanceSpecification(id: 41_000_001 + number)
            specification.gpu = GPUModel.all[Int(number) % GPUModel.all.count].name
            specification.gpus = [1, 2, 4, 8][Int(number / 3) % 4]
            specification.label = number % 10 == 9 ? "keep-\(number)" : number % 4 == 3 ? nil : "job-\(number / 10)"
            specification.isOn = allOn || number % 3 != 2
            specification.workload = Workload(number % 9 < 3 ? .idle : .training)
            specification.machine = 50_000 + number
            return specification.instance(at: now, seed: seed)
        }
        var account = Account()
        account.credit = Double(count) * 500
        return Fleet(instances: instances, account: account)
    }

    private static func made(
        _ id: Int64, _ label: String?, _ gpu: String, _ gpus: Int, _ kind: Workload.Kind,
        _ change: (inout InstanceSpecification) -> Void = { _ in }
    ) -> InstanceSpecification {
        var specification = InstanceSpecification(id: id, label: label)
        specification.gpu = gpu
        specification.gpus = gpus
        specification.workload = Workload(kind)
        change(&specification)
        return specification
    }

    private static var training: [InstanceSpecification] {
        [
            made(40_112_233, "train-a", "RTX 4090", 2, .training) { $0.machine = 31_001 },
            made(40_112_234, "train-b", "RTX 4090", 4, .training),
            made(40_112_235, "train-llm", "H100 SXM", 8, .training) { $0.disk = 2000 },
            made(40_112_236, "train-c", "A100 SXM4", 1, .training),
            made(40_112_237, nil, "RTX 3090", 1, .training),
            made(40_112_238, "sweep-1", "RTX 3090", 2, .training),
            made(40_112_239, "sweep-2", "RTX 3090", 2, .training)
        ]
    }

    private static var idle: [InstanceSpecification] {
        [
            made(40_112_240, "eval-h100", "H100 SXM", 8, .idle) { $0.endsIn = 900_000 },
            made(40_112_241, "dev-anna", "RTX 4090", 1, .idle),
            made(40_112_242, "dev-ben", "RTX 4090", 1, .idle) { $0.machine = 31_002 },
            made(40_112_243, nil, "L40S", 1, .idle),
            made(40_112_244, "keep-bench", "A100 SXM4", 2, .idle),
            made(40_112_245, "keep-demo", "RTX 4090", 1, .idle),
            made(40_112_246, "sweep-3", "RTX 3090", 2, .idle),
            made(40_112_247, "notebook", "RTX 5090", 1, .idle)
        ]
    }

    private static var serving: [InstanceSpecification] {
        [
            made(40_112_260, "serve-a", "L40S", 2, .serving), made(40_112_261, "serve-b", "RTX 4090", 2, .falseZeros),
            made(40_112_262, "serve-c", "L40S", 1, .serving)
        ]
    }

    private static var stopped: [InstanceSpecification] {
        let labels = ["old-1", "old-2", nil, "keep-weights", "archive", "dev-carl", "dev-dora", nil, "test", "train-d", "train-e", "eval-2"]
        return labels.enumerated().map { number, label in
            made(40_112_300 + Int64(number), label, GPUModel.all[number % GPUModel.all.count].name, 1 + number % 2, .training) {
                $0.isOn = false
                if number == 5 { $0.machine = 31_003 }
            }
        }
    }

    private static var special: [InstanceSpecification] {
        let image = InstanceSpecification.image
        var dead = Status.running(image)
        dead.actual = "exited"
        var offline = Status.running(image)
        offline.actual = "offline"
        let failed = Status(
            actual: "created", intended: "stopped", current: "stopped", next: "stopped",
            message: "OCI runtime create failed: unable to start container process: exec: \"bash\": not found")
        var outbid = Status.stopped(image)
        outbid.intended = "running"
        let provisioned = Status(actual: nil, intended: "running", current: "running", next: "running")
        return [
            made(40_112_270, "batch-done", "RTX 4090", 4, .idle) { $0.status = dead },
            made(40_112_271, "spot-1", "RTX 3090", 4, .training) {
                ($0.isBid, $0.status, $0.floor) = (true, outbid, 0.52)
            },
            made(40_112_272, "spot-2", "RTX 3090", 4, .training) { $0.isBid = true },
            made(40_112_273, "hung", "A100 SXM4", 1, .stuck),
            made(40_112_274, "far-away", "RTX 4090", 1, .training) { $0.status = offline },
            made(40_112_275, "flaky-sensor", "RTX 4090", 1, .nullSpells), made(40_112_276, "no-sensor", "L40S", 1, .silent),
            made(40_112_277, "broken-image", "RTX 4090", 1, .idle) { $0.status = failed },
            made(40_112_278, "fresh", "RTX 5090", 1, .training) { ($0.status, $0.age) = (provisioned, 30) },
            made(40_112_279, "ends-soon", "RTX 3090", 1, .training) { $0.endsIn = 32_400 }
        ]
    }
}
