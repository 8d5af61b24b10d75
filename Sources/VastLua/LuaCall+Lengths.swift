import FleetRules
import LuaEngine
import VastAPI

extension LuaView {
    /// A length of time: seconds, or text such as `"45m"`.
    ///
    /// - Throws: `VastError` of kind `invalid_argument`.
    func length(_ what: String) throws -> Duration {
        if let seconds = number {
            guard seconds >= 0, seconds <= DurationFormat.longest else {
                throw VastError.invalidArgument("\(what) is a length of time, not \(seconds.plainText) seconds")
            }
            return .seconds(seconds)
        }
        guard let text = string else {
            throw VastError.invalidArgument("\(what) is a length of time such as 90 or \"45m\", not a \(typeName)")
        }
        do { return try DurationFormat.parse(text) } catch { throw VastError.invalidArgument("\(what): \(error)") }
    }

    /// A number as it is, anything else by its type: what a message says came.
    var shown: String { number.map(\.plainText) ?? typeName }

    /// The same with an article: `a string`.
    var shownInMessage: String { number.map(\.plainText) ?? "a \(typeName)" }

    /// A switch: nothing but true or false, so that a text such as `"false"` does not count as yes.
    ///
    /// - Throws: `VastError` of kind `invalid_argument`.
    func flag(_ what: String) throws -> Bool {
        guard let flag = boolean else {
            throw VastError.invalidArgument("\(what) is true or false, not \(kind == .number ? shown : "a \(typeName)")")
        }
        return flag
    }
}
