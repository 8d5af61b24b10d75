import VastJSON

extension Backend {
    mutating func list(_ request: SimulatedRequest) -> SimulatedResponse {
        let query: ListQuery
        do {
            query = try ListQuery(request.query, pageSize: options.pageSize, behaviour: options.behaviour)
        } catch {
            return error.response
        }
        let selection = select(query)
        let start = query.after.map { position(after: $0, in: selection.ids, query.orders) } ?? 0
        let end = min(start + query.limit, selection.ids.count)
        return page(Array(selection.ids[start..<end]), isLast: end == selection.ids.count, selection, query)
    }

    func show(_ id: Int64) -> SimulatedResponse {
        guard let instance = world.instances[id] else {
            return options.behaviour.missingOnShow == .null ? .json(["instances": nil]) : .noSuchInstance(id)
        }
        let row = world.row(instance, columns: nil, without: "volume_info", staleUtilisation: options.behaviour.staleUtilisation)
        return .json(bytes: Array(#"{"instances": "#.utf8) + row + Array("}".utf8))
    }

    mutating func oldList() -> SimulatedResponse {
        switch options.behaviour.oldList {
        case .gone, .goneWith200:
            return .json(
                [
                    "success": false, "error": "deprecated_endpoint",
                    "msg": "/api/v0/instances/ is deprecated. Use /api/v1/instances/ instead."
                ], status: options.behaviour.oldList == .gone ? 410 : 200)
        case .list:
            var body = Array("{\"instances_found\": \(world.ids.count), \"instances\": [".utf8)
            append(world.ids, columns: nil, to: &body)
            return .json(bytes: body + Array("]}".utf8))
        }
    }

    /// The combinations that there are of the columns that the official client offers as filters.
    func filterValues() -> SimulatedResponse {
        let rows = world.ids.compactMap { world.instances[$0] }.map { instance -> JSONValue in
            [
                "actual_status": instance.status.actual.map(JSONValue.string) ?? .null,
                "verification": instance.row["verification"] ?? .null, "gpu_name": instance.row["gpu_name"] ?? .null
            ]
        }
        var seen: Set<JSONValue> = []
        return .json(["filters": .array(rows.filter { seen.insert($0).inserted })])
    }

    private mutating func page(
        _ ids: [Int64], isLast: Bool, _ selection: PageCache.Selection, _ query: ListQuery
    ) -> SimulatedResponse {
        var token = JSONValue.null
        if !isLast, let last = ids.last.flatMap({ world.instances[$0] }) {
            let columns = query.orders.map(\.column)
            token = .string(PageToken.text(columns: columns, values: columns.map { stored($0, of: last) }))
        }
        let head: JSONValue = [
            "success": true, "instances_found": .integer(Int64(ids.count)),
            "total_instances": .integer(Int64(selection.ids.count)), "label_counts": selection.labelCounts,
            "next_token": token, "instances": []
        ]
        var body = (try? head.serialized()) ?? []
        body.removeLast(2)
        append(ids, columns: query.columns, to: &body)
        body.append(contentsOf: "]}".utf8)
        return .json(bytes: body)
    }

    private mutating func append(_ ids: [Int64], columns: [String]?, to body: inout [UInt8]) {
        let stale = options.behaviour.staleUtilisation
        body.reserveCapacity(body.count + ids.count * 3072)
        for (number, id) in ids.enumerated() {
            guard let instance = world.instances[id] else { continue }
            if number > 0 { body.append(UInt8(ascii: ",")) }
            if columns == nil {
                body.append(contentsOf: pages.row(instance, in: world, staleUtilisation: stale))
            } else {
                body.append(contentsOf: world.row(instance, columns: columns, staleUtilisation: stale))
            }
        }
    }

    private mutating func select(_ query: ListQuery) -> PageCache.Selection {
        if let kept = pages.selection, kept.key == query.selection, kept.revision == world.revision { return kept }
        var counts: [String: Int64] = [:]
        var ids = world.ids.filter { id in
            guard let instance = world.instances[id] else { return false }
            guard query.conditions.allSatisfy({ $0.admits(filtered($0.column, of: instance)) }) else { return false }
            counts[instance.label ?? "", default: 0] += 1
            return true
        }
        if query.orders != [.init(column: "id", descending: false)] { sort(&ids, by: query.orders) }
        let labels = JSONObject(counts.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })
        let selection = PageCache.Selection(
            key: query.selection, revision: world.revision, ids: ids, labelCounts: .object(labels))
        pages.selection = selection
        return selection
    }

    private func sort(_ ids: inout [Int64], by orders: [ListQuery.Order]) {
        let keys = Dictionary(uniqueKeysWithValues: ids.map { ($0, key(of: $0, orders)) })
        ids.sort { Self.precedes(keys[$0] ?? [], keys[$1] ?? [], orders) }
    }

    private func key(of id: Int64, _ orders: [ListQuery.Order]) -> [JSONValue] {
        guard let instance = world.instances[id] else { return [] }
        return orders.map { stored($0.column, of: instance) }
    }

    private static func precedes(_ left: [JSONValue], _ right: [JSONValue], _ orders: [ListQuery.Order]) -> Bool {
        for (order, (one, other)) in zip(orders, zip(left, right)) {
            let sign = ListQuery.Condition.sorting(one, other)
            if sign != 0 { return (sign < 0) != order.descending }
        }
        return false
    }

    /// The first place behind those values; rows may have come and gone since the token was given out.
    private func position(after values: [JSONValue], in ids: [Int64], _ orders: [ListQuery.Order]) -> Int {
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.precedes(values, key(of: ids[middle], orders), orders) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func stored(_ column: String, of instance: SimulatedInstance) -> JSONValue {
        world.value(of: column, of: instance, reading: nil)
    }

    /// As ``stored(_:of:)``, but `offline` is computed when a row is shown, and a filter sees what is stored.
    private func filtered(_ column: String, of instance: SimulatedInstance) -> JSONValue {
        guard column == "actual_status", !options.behaviour.offlineFilter, let before = instance.interrupted,
            !instance.billsDisk
        else { return stored(column, of: instance) }
        return before.actual.map(JSONValue.string) ?? .null
    }
}

extension SimulatedResponse {
    /// An answer that is JSON text already.
    static func json(bytes: [UInt8]) -> SimulatedResponse {
        SimulatedResponse(status: 200, contentType: "application/json", body: bytes)
    }
}
