#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import VastJSON

extension Backend {
    /// The current user; `credit` is the spendable money, `balance` stays 0 (API contract, current user).
    func user(_ request: SimulatedRequest) -> SimulatedResponse {
        let account = world.account
        var user: JSONObject = [
            "id": .integer(account.id), "key_id": .integer(Self.keyID), "email": account.email.map(JSONValue.string) ?? .null,
            "balance": 0.0, "credit": .double(account.credit.rounded(digits: 4)),
            "total_spend": .double((-account.spent).rounded(digits: 4)), "ssh_key": nil, "sid": nil,
            "host_agreement_accepted": false, "autobill_amount": nil, "autobill_threshold": nil
        ]
        if options.behaviour.userShowsKey { user["api_key"] = key(of: request).map(JSONValue.string) ?? .null }
        return .json(.object(user))
    }

    mutating func prepay(_ id: Int64, _ request: SimulatedRequest) -> SimulatedResponse {
        guard world.instances[id] != nil else { return .json(["success": false, "msg": "No such instance"], status: 400) }
        guard let amount = Self.object(request.body)?["amount"]?.number, amount > 0 else { return Self.invalidJSON }
        guard amount <= world.account.credit else {
            return .json(["success": false, "msg": "Insufficient credit"], status: 411)
        }
        world.setCredit(world.account.credit - amount)
        return .json(["success": true, "timescale": 1.0, "discount_rate": 0.2])
    }

    /// A constrained command; refused while the instance runs (API contract, execute).
    mutating func execute(_ id: Int64, _ request: SimulatedRequest) -> SimulatedResponse {
        guard let body = Self.object(request.body) else { return .failure(483, "invalid_args", "Invalid json_body") }
        guard let instance = world.instances[id] else { return .failure(400, "invalid_container_id", "Invalid container id.") }
        guard instance.status.current != "running" else {
            return .failure(
                400, "invalid_args",
                "Execute command only avail on stopped instances. Use ssh to run commands on running instances.")
        }
        guard let command = body["command"]?.text, command.utf8.count <= 512,
            ["ls", "rm", "du"].contains(command.split(separator: " ").first.map(String.init) ?? "")
        else { return .failure(400, "invalid_args", "Invalid command given.") }
        let url = keep("total 8\n-rw-r--r-- 1 root root 4096 run.sh\n", "command-\(id)")
        return .json([
            "success": true, "writeable_path": .string("/var/lib/docker/overlay2/\(id)/diff"), "result_url": .string(url),
            "msg": "Command is executing, wait a few seconds and then view the result_url"
        ])
    }

    mutating func requestLogs(_ id: Int64, _ request: SimulatedRequest) -> SimulatedResponse {
        guard let instance = world.instances[id] else { return .queryFailure(404, "invalid_id", "Invalid instance id.") }
        guard let body = Self.object(request.body) else { return Self.invalidJSON }
        var lines = instance.logLines(daemon: body["daemon_logs"]?.text == "true", until: world.now)
        if let filter = body["filter"]?.text { lines = lines.filter { $0.contains(filter) } }
        if let tail = body["tail"]?.text.flatMap({ Int($0) }) { lines = lines.suffix(max(0, tail)) }
        let url = keep(lines.map { $0 + "\n" }.joined(), "logs-\(id)")
        return .json(["success": true, "result_url": .string(url), "msg": "Logs will be available at the result_url"])
    }

    /// A file that an earlier answer has promised; no key is needed.
    func result(_ name: String) -> SimulatedResponse {
        guard let text = results[name] else { return .text("<Error><Code>NoSuchKey</Code></Error>", status: 404) }
        return .text(text)
    }

    mutating func scheduledJob(_ request: SimulatedRequest, _ route: Route) -> SimulatedResponse {
        switch (request.method, route) {
        case ("GET", _): return .json(.array(jobs.sorted { $0.key < $1.key }.map(\.value)))
        case ("DELETE", .scheduledJob(let id)):
            return jobs.removeValue(forKey: id) == nil ? .failure(404, "not_found", "No such job") : .success
        case ("PUT", .scheduledJob(let id)): return keepJob(request, id: id)
        default: return addJob(request)
        }
    }

    private mutating func addJob(_ request: SimulatedRequest) -> SimulatedResponse {
        guard let body = Self.object(request.body) else { return Self.invalidJSON }
        let like = jobs.first { $0.value["api_endpoint"] == body["api_endpoint"] && $0.value["instance_id"] == body["instance_id"] }
        if let like {
            return .json(
                ["success": false, "error": "job_exists", "msg": "A like job exists.", "scheduled_job_id": .integer(like.key)],
                status: 422)
        }
        return keepJob(request, id: .free(above: jobs.keys.max() ?? 0) { jobs[$0] != nil })
    }

    private mutating func keepJob(_ request: SimulatedRequest, id: Int64) -> SimulatedResponse {
        guard case .object(var job)? = Self.object(request.body) else { return Self.invalidJSON }
        job["id"] = .integer(id)
        jobs[id] = .object(job)
        return .json(["success": true, "scheduled_job_id": .integer(id)])
    }

    /// The simulated market is empty: whatever offer is asked for has just gone.
    func noSuchOffer(_ offer: Int64) -> SimulatedResponse {
        .json(
            [
                "success": false, "error": "invalid_args",
                "msg": .string("error 404/3603: no_such_ask Instance type by id \(offer) is not available."),
                "ask_id": .integer(offer)
            ], status: 404)
    }

    private mutating func keep(_ text: String, _ name: String) -> String {
        if results.count >= 1000 { results = [:] }
        let file = "\(name)-\(results.count + 1).log"
        results[file] = text
        return "\(baseURL)/simulator/results/\(file)"
    }
}

extension SimulatedInstance {
    /// Some lines that its container, or the daemon of its machine, would have written.
    fileprivate func logLines(daemon: Bool, until now: Date) -> [String] {
        if daemon { return ["docker start C.\(id)", status.message ?? "waiting for the image"] }
        let minutes = Int(now.timeIntervalSince1970 / 60)
        return (0..<120).reversed().map { age in
            "[\(minutes - age)] \(workload.kind.rawValue) step \((minutes - age) % 100_000) of C.\(id)"
        }
    }
}
