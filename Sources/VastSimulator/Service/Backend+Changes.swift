import VastJSON

extension Backend {
    /// The longest label, in characters (API contract, manage instance).
    static let labelLimit = 1024
    /// The most ids that the official client puts into one request.
    static let bulkLimit = 64

    mutating func manage(_ id: Int64, _ request: SimulatedRequest) -> SimulatedResponse {
        guard let body = Self.object(request.body) else { return Self.invalidJSON }
        let (state, label) = (body["state"], body["label"])
        guard world.instances[id] != nil else { return .noSuchInstance(id) }
        switch (state, label) {
        case (nil, nil): return .failure(400, "invalid_args", "Invalid args: state or label is required")
        case (let state?, nil): return setState(state, of: id)
        case (nil, let label?): return setLabel(label, of: id)
        case (let state?, let label?):
            switch options.behaviour.stateAndLabel {
            case .state: return setState(state, of: id)
            case .label: return setLabel(label, of: id)
            case .refused: return .failure(400, "invalid_args", "Invalid args: either state or label")
            case .both:
                let labelled = setLabel(label, of: id)
                return labelled.status == 200 ? setState(state, of: id) : labelled
            }
        }
    }

    mutating func bulk(_ request: SimulatedRequest) -> SimulatedResponse {
        guard let body = Self.object(request.body) else { return Self.invalidJSON }
        switch Self.ids(in: body, "ids", other: "instance_ids", options.behaviour) {
        case .failure(let refusal): return refusal.response
        case .success(let ids):
            guard let state = body["state"] else { return .failure(400, "invalid_args", "Invalid args: state is required") }
            return each(ids) { $0.setState(state, of: $1) }
        }
    }

    mutating func destroyBulk(_ request: SimulatedRequest) -> SimulatedResponse {
        guard let body = Self.object(request.body) else { return Self.invalidJSON }
        switch Self.ids(in: body, "instance_ids", other: "ids", options.behaviour) {
        case .failure(let refusal): return refusal.response
        case .success(let ids): return each(ids) { $0.destroy($1) }
        }
    }

    mutating func startMany(_ request: SimulatedRequest) -> SimulatedResponse {
        guard let body = Self.object(request.body) else { return Self.invalidJSON }
        guard let list = body["IDs"]?.elements else { return .failure(400, "missing_input", "Missing input: IDs") }
        guard !list.isEmpty else { return .failure(400, "empty_input", "IDs is empty") }
        let ids = list.compactMap(\.wholeNumber)
        guard ids.count == list.count, ids.count <= 100 else {
            return .failure(400, "invalid_instance_id", "Invalid instance id")
        }
        return each(ids) { $0.setState("running", of: $1) }
    }

    mutating func destroy(_ id: Int64) -> SimulatedResponse {
        guard world.destroy(id) else {
            return options.behaviour.missingOnDestroy == .notFound
                ? .failure(404, "not_found", "Instance not found") : .noSuchInstance(id)
        }
        note("api.instance_DELETE", ["instance_id": .integer(id)])
        return .success
    }

    mutating func restart(_ id: Int64, recycle: Bool) -> SimulatedResponse {
        guard world.instances[id] != nil else {
            return recycle ? .failure(400, "invalid_id", "Invalid instance id.") : .failure(400, "invalid_args", "invalid instance_id")
        }
        guard recycle ? world.recycle(id) : world.reboot(id) else {
            return .failure(400, "invalid_args", "Instance \(id) is not running.")
        }
        note("api.instance.\(recycle ? "recycle" : "reboot")", ["instance_id": .integer(id)])
        return .success
    }

    private mutating func setState(_ state: JSONValue, of id: Int64) -> SimulatedResponse {
        guard let text = state.text, text == "stopped" || text == "running" else {
            return options.behaviour.invalidState == .success ? .success : .failure(400, "invalid_args", "Invalid args: state")
        }
        guard let instance = world.instances[id] else { return .noSuchInstance(id) }
        note("api.instance_PUT", ["instance_id": .integer(id), "target_state": state])
        if text == "running" { return answer(to: world.start(id), id) }
        if instance.status.intended == "stopped", options.behaviour.stopOnStopped == .refused {
            return .failure(400, "invalid_args", "Instance \(id) is already stopped.")
        }
        _ = world.stop(id)
        return .success
    }

    private func answer(to outcome: StartOutcome, _ id: Int64) -> SimulatedResponse {
        switch outcome {
        case .accepted: .success
        case .queued:
            .failure(200, "resources_unavailable", "Required resources are currently unavailable, state change queued.")
        case .noCredit: .failure(400, "missing_billing", "Please add a payment method or credit to start instances.")
        case .ended: .failure(400, "invalid_args", "The contract of instance \(id) has ended.")
        case .missing: .noSuchInstance(id)
        }
    }

    private mutating func setLabel(_ label: JSONValue, of id: Int64) -> SimulatedResponse {
        if label != .null, label.text == nil { return .failure(400, "invalid_args", "Invalid args: label must be a string") }
        let text = label.text ?? ""
        guard text.unicodeScalars.count <= Self.labelLimit else {
            return .failure(
                400, "label_too_long", "Please limit label length to 1024 characters, ideally less than 128.")
        }
        _ = world.setLabel(text.isEmpty && options.behaviour.emptyLabel == .null ? nil : text, of: id)
        return .json(["success": true, "msg": .string("label for \(id) set to '\(text)'")])
    }

    /// Changes each id by itself; what the answer is when some of them fail is not known, and therefore chosen.
    private mutating func each(
        _ ids: [Int64], _ change: (inout Backend, Int64) -> SimulatedResponse
    ) -> SimulatedResponse {
        let before = (world, audit)
        var failures: [(id: Int64, response: SimulatedResponse)] = []
        for id in ids {
            let response = change(&self, id)
            if !Self.isSuccess(response) { failures.append((id, response)) }
        }
        guard let first = failures.first else { return .success }
        switch options.behaviour.bulkFailure {
        case .silent: return .success
        case .nothing:
            (world, audit) = before
            return first.response
        case .partial: return Self.partial(failures)
        }
    }

    private static func partial(_ failures: [(id: Int64, response: SimulatedResponse)]) -> SimulatedResponse {
        let first = object(failures[0].response.body)
        let list = failures.map { String($0.id) }.joined(separator: ", ")
        return .json([
            "success": false, "error": first?["error"] ?? "invalid_args",
            "msg": .string("\(first?["msg"]?.text ?? "failed") (instances \(list))")
        ])
    }

    private static func isSuccess(_ response: SimulatedResponse) -> Bool {
        response.status == 200 && object(response.body)?["success"] == .bool(true)
    }

    private mutating func note(_ route: String, _ arguments: JSONValue) {
        audit.append(["api_route": .string(route), "args": arguments, "created_at": .double(world.now.timeIntervalSince1970)])
        if audit.count > 1000 { audit.removeFirst(100) }
    }
}
