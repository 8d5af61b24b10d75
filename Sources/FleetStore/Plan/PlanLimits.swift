package import FleetRules
package import VastJSON
package import VastModels

/// The limits that go with a plan from the run that made it to the run that applies it.
extension GuardLimits {
    /// What is never taken from a file: whoever applies a plan says it again.
    private static let untravelled: Set<GuardLimit> = [.maxDestroys, .maxRecycles]

    /// Numbers and protection; no permission, and not how much may be destroyed or recycled.
    package var travelling: GuardLimits {
        GuardLimits(numbers.filter { !Self.untravelled.contains($0.key) }, protect: protect)
    }

    /// Those numbers that allow more than what is built in, in the order of their names.
    ///
    /// - Parameter population: how many instances are on: up to half of them may be interrupted.
    package func aboveBuiltIn(population: Int) -> [(limit: GuardLimit, value: Double, builtIn: Double)] {
        let builtIn = GuardRules.builtInNumbers(population: population)
        return numbers.compactMap { limit, value in
            builtIn[limit].flatMap { limit.stricter(value, $0) == value ? nil : (limit, value, $0) }
        }.sorted { $0.limit.rawValue < $1.limit.rawValue }
    }

    /// These limits, with others in place of those that both name, and everything protected that either protects.
    package func overridden(by other: GuardLimits) -> GuardLimits {
        var copy = self
        copy.numbers.merge(other.numbers) { $1 }
        copy.permissions.merge(other.permissions) { $1 }
        copy.protect.formUnion(other.protect)
        return copy
    }

    /// `{"max_stops": 30, "protect": {"label": ["prod*"], "id": [12]}}`; nil when nothing is said.
    var planJSON: JSONValue? {
        var object = JSONObject()
        for (limit, value) in numbers.sorted(by: { $0.key.rawValue < $1.key.rawValue }) { object[limit.rawValue] = .double(value) }
        if protect != .none {
            object["protect"] = [
                "label": .array(protect.labels.map { .string($0.pattern) }),
                "id": .array(protect.ids.sorted().map { .integer($0.rawValue) })
            ]
        }
        return object.count == 0 ? nil : .object(object)
    }

    /// Reads what ``planJSON`` wrote.
    init(_ reader: PlanReader) throws(PlanError) {
        self.init()
        for (name, value) in reader.json.members.map({ ($0.name, $0.value) }) {
            if name == "protect" {
                protect = try Protection(try reader.object("protect"))
            } else if let limit = GuardLimit(rawValue: name), !Self.untravelled.contains(limit), value.double != nil {
                numbers[limit] = value.double
            } else {
                throw PlanError(.form, "\(reader.place).\(name) is nothing that a plan can say")
            }
        }
        do { try check() } catch { throw PlanError(.form, "\(reader.place): \(error.message)") }
    }
}

extension Protection {
    fileprivate init(_ reader: PlanReader) throws(PlanError) {
        self.init(labels: try reader.texts("label").map { LabelGlob($0) })
        for element in reader.json["id"]?.elements.map({ $0 }) ?? [] {
            guard let id = element.int64, id > 0 else { throw PlanError(.form, "\(reader.place).id holds something that is no id") }
            ids.insert(InstanceID(id))
        }
    }
}
