import FleetRules
import VastAPI
import VastJSON

extension GuardLimits {
    func write(to frame: inout ChannelFrame) {
        frame.object("numbers") { frame in for (limit, value) in numbers { frame.put(limit.rawValue, value) } }
        frame.object("permissions") { frame in for (permission, flag) in permissions { frame.put(permission.rawValue, flag) } }
        frame.array("labels", protect.labels) { $0.string($1.pattern) }
        frame.array("ids", protect.ids.sorted()) { $0.integer($1.rawValue) }
    }

    private static let mostLabels = 10_000

    /// - Throws: ``ChannelError``.
    init(channel json: JSON) throws(ChannelError) {
        self.init()
        for (name, value) in json["numbers"]?.members.map({ ($0.name, $0.value) }) ?? [] {
            guard let limit = GuardLimit(rawValue: name), let number = value.double else {
                throw .malformed("'numbers' is of the wrong kind")
            }
            numbers[limit] = number
        }
        for (name, value) in json["permissions"]?.members.map({ ($0.name, $0.value) }) ?? [] {
            guard let permission = GuardPermission(rawValue: name), let flag = value.bool else {
                throw .malformed("'permissions' is of the wrong kind")
            }
            permissions[permission] = flag
        }
        guard json["labels"]?.count ?? 0 <= Self.mostLabels else { throw .malformed("more than \(Self.mostLabels) patterns of labels") }
        protect.labels = try json.required("labels") { $0.list(most: Self.mostLabels) { $0.string.map { LabelGlob($0) } } }
        protect.ids = Set(try json.required("ids") { $0.list { $0.instanceID } })
    }
}
