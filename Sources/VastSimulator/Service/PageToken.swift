#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import VastJSON

/// The token of the next page: Base64 of `{"values": {column: value of the last row}}`.
enum PageToken {
    static func text(columns: [String], values: [JSONValue]) -> String {
        let last = JSONValue.object(["values": .object(JSONObject(zip(columns, values).map { ($0, $1) }))])
        return Data((try? last.serialized()) ?? []).base64EncodedString()
    }

    /// The values of those columns; nil when the token is none of ours for this order.
    static func values(of token: String, columns: [String]) -> [JSONValue]? {
        guard let data = Data(base64Encoded: token), let document = try? JSONDocument(parsing: [UInt8](data)) else { return nil }
        guard let values = document.root["values"]?.value else { return nil }
        let found = columns.compactMap { values[$0] }
        guard found.count == columns.count, values["id"]?.wholeNumber != nil else { return nil }
        return found
    }
}
