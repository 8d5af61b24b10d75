package import FleetRules
import LuaEngine
import VastAPI

/// The policies of a script, and the jobs that look at the fleet for them: all that look at the same interval see one
/// reading.
final class PolicyBoard: RuntimeModule {
    private(set) lazy var policyType = makePolicyType()
    private(set) var policies: [Policy] = []
    private var timers: [Duration: Job] = [:]
    /// What an older state of the script has handed over, by name.
    var carried: [String: PolicyMemory] = [:]
    /// What was remembered before a plan began, by name.
    private var live: [String: PolicyMemory] = [:]
    /// The instance that somebody wants an explanation for; then nothing is acted on.
    var explained: InstanceID? { runtime.options.explained }
    /// What was found about it.
    var findings: [PolicyFinding] = []
    /// Why policies plan nothing in a dry run.
    var notes: [String] = []
    /// How far the wall clock was ahead of the uptime at the last look, in seconds.
    private var clockOffset: Double
    /// What functions of the script have asked about the instance at hand, by task.
    let evidence = TaskNotes<Evidence>()

    override init(_ runtime: Runtime) {
        clockOffset = Self.clockOffset(runtime)
        super.init(runtime)
    }

    private static func clockOffset(_ runtime: Runtime) -> Double { runtime.now - runtime.host.clock.uptime.seconds }

    /// - Throws: `VastError` of kind `invalid_argument` when another one has its name; `LuaError` of kind `memory`.
    func add(_ policy: Policy) throws {
        guard !policies.contains(where: { $0.name == policy.name }) else {
            throw VastError.invalidArgument("there is a policy '\(policy.name)' already; give this one a name of its own")
        }
        policies.append(policy)
        guard timers[policy.interval] == nil else { return }
        let interval = policy.interval
        let function = try runtime.host.build { writer in
            writer.function("vast.policy", bound { try $0.tick(interval, $1) })
        }
        let specification = "every \(DurationFormat.format(interval))"
        let job = Job(
            name: "policies \(specification)", specification: specification, trigger: .every(interval), function: function,
            startsNow: true)
        timers[interval] = job
        job.isLook = true
        try runtime.jobs.add(job)
    }

    func cancel(_ policy: Policy) {
        policy.isCancelled = true
        policies.removeAll { $0 === policy }
        guard !policies.contains(where: { $0.interval == policy.interval }), let job = timers.removeValue(forKey: policy.interval)
        else { return }
        runtime.jobs.cancel(job)
    }

    /// The next time at which a policy looks.
    func job(of policy: Policy) -> Job? { timers[policy.interval] }

    private func tick(_ interval: Duration, _ call: borrowing LuaCall) throws -> LuaOutcome {
        followClock()
        let due = policies.filter { $0.interval == interval }
        for policy in due { load(policy) }
        return try PolicyTick(runtime, self, due.map { PolicyRun(runtime, self, $0) }).begin(call)
    }

    /// What policies remember stands in wall-clock times: it moves with a clock that somebody sets.
    private func followClock() {
        let jump = Self.clockOffset(runtime) - clockOffset
        guard abs(jump) > 1 else { return }
        clockOffset += jump
        for policy in policies where policy.isLoaded { policy.memory.noteClockSet(by: jump) }
    }

    /// A policy that wants an instance to be up now, beside the one that wants to stop it.
    func keeper(of instance: Instance, against policy: Policy, now: Double) -> Policy? {
        policies.first { other in
            other !== policy && other.rules(for: instance, runtime).keepsUp(now: now) && other.match.matchesValues(instance)
        }
    }

    // MARK: memory

    /// A plan begins with what policies remember, and leaves none of its own behind.
    func setPlanning(_ isPlanning: Bool) {
        guard !isPlanning else { return live = memories }
        carried.merge(live) { $1 }
        live = [:]
        for policy in policies { (policy.memory, policy.isLoaded) = (PolicyMemory(), false) }
    }

    private func load(_ policy: Policy) {
        guard !policy.isLoaded else { return }
        policy.isLoaded = true
        if let memory = carried.removeValue(forKey: policy.memoryName) { return policy.memory = memory }
        do {
            guard let text = try runtime.memory?.jobs.memory(of: policy.memoryName)?.mark else { return }
            policy.memory = PolicyMemory(json: text)
        } catch {
            runtime.logger.warning("policy '\(policy.name)': what it did before is unknown", metadata: ["error": "\(error)"])
        }
    }

    func save(_ policy: Policy, before: PolicyMemory) {
        guard !runtime.isPlanning, policy.memory != before, let store = runtime.memory?.jobs else { return }
        do {
            let seen = try store.see(policy.memoryName, at: runtime.now)
            try store.remember(.init(firstSeen: seen.firstSeen, mark: policy.memory.json), of: policy.memoryName)
        } catch {
            runtime.logger.warning("policy '\(policy.name)': its marks are not kept", metadata: ["error": "\(error)"])
        }
    }

    /// What a newer state of the script may carry on with, by name.
    var memories: [String: PolicyMemory] {
        Dictionary(policies.filter(\.isLoaded).map { ($0.memoryName, $0.memory) }) { first, _ in first }
    }
}

extension Runtime {
    /// What was found about the instance of ``Options/explained``.
    package var findings: [PolicyFinding] { policies.findings }
    /// Why the policies of a dry run plan nothing, a line each.
    package var policyNotes: [String] { policies.notes }
}
