import FleetStore
import Glibc
import Logging
import VastAPI
import VastJSON

/// Which key counts when the first is that of a two-factor session, which ends after a while: the key behind it then, if it is
/// of the same account as far as that is known.
struct SessionKeys {
    private let environment: ProcessEnvironment
    private let logger: Logger
    /// Asks whose a key is.
    private let user: (APIKey) throws -> User

    init(_ environment: ProcessEnvironment, logger: Logger, user: @escaping (APIKey) throws -> User) {
        self.environment = environment
        self.logger = logger
        self.user = user
    }

    /// - Throws: ``VastError`` of kind `unauthorized` when the session has expired and no other key can stand in for it.
    func chosen(of key: APIKey) throws -> APIKey {
        guard key.isSession else { return key }
        let remembered = RememberedUsers(try environment.stateDirectory)
        do {
            let id = try user(key).id
            remembered.remember("\(id)", of: "\(key.source)")
            return key
        } catch let error as VastError where error.kind == .unauthorized {
            guard let next = key.next else { throw error }
            return try standIn(next, for: key, error, known: remembered.user(of: "\(key.source)"))
        } catch {
            // The request that the key is for will fail by itself, and say why.
            return key
        }
    }

    private func standIn(_ next: APIKey, for key: APIKey, _ error: VastError, known: String?) throws -> APIKey {
        let account = try ConfigFile.read(environment).account
        let found: User
        do { found = try user(next) } catch let failure as VastError where failure.kind == .unauthorized {
            throw VastError(
                .unauthorized,
                "the session in \(key.source) has expired, and the service does not accept the key in \(next.source) either; "
                    + "log in again (`vastai tfa login`), or create a key at https://cloud.vast.ai/manage-keys/", status: error.status)
        }
        if let account {
            guard account == "\(found.id)" || account.lowercased() == found.email?.lowercased() else {
                throw VastError(
                    .unauthorized,
                    "the session in \(key.source) has expired, and the key in \(next.source) is of user \(found.id), not of the account "
                        + "\(account) that \(ConfigFile.path(environment)) names; log in again (`vastai tfa login`), or write a key of that "
                        + "account into \(next.source)", status: error.status)
            }
            return use(next, for: key, "of the account that \(ConfigFile.path(environment)) names")
        }
        guard known == "\(found.id)" else {
            throw VastError(
                .unauthorized,
                "the session in \(key.source) has expired, and the key in \(next.source) may belong to another account (user \(found.id)); "
                    + "log in again (`vastai tfa login`), or remove \(key.source), or write \"account\": \(found.id) into "
                    + "\(ConfigFile.path(environment))", status: error.status)
        }
        return use(next, for: key, "of user \(found.id), whose session was last seen in that file")
    }

    private func use(_ next: APIKey, for key: APIKey, _ why: String) -> APIKey {
        logger.notice("the session in \(key.source) has expired; the key in \(next.source) is used, \(why)")
        return next
    }
}

/// Whose key this state has last seen in a file: `key-users.json`.
struct RememberedUsers {
    private let directory: String
    private static let limit = 1 << 16

    init(_ directory: String) { self.directory = directory }

    private var path: String { "\(directory)/key-users.json" }

    private var users: [String: String] {
        guard
            case .success(let bytes?) = Result(catching: { try FileBytes.readIfPresent(path, for: "the users of keys", limit: Self.limit) }),
            let root = try? JSONDocument(parsing: bytes).root, root.kind == .object
        else { return [:] }
        return Dictionary(root.members.compactMap { name, value in value.string.map { (name, $0) } }) { $1 }
    }

    func user(of file: String) -> String? { users[file] }

    /// Best effort: what cannot be remembered is asked for in another way.
    func remember(_ user: String, of file: String) {
        var users = users
        guard users[file] != user else { return }
        users[file] = user
        let members = users.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
        guard let directory = try? StateDirectory(directory), let bytes = try? JSONValue.object(JSONObject(members)).serialized() else {
            return
        }
        try? SmallFile.replace(directory.file("key-users.json"), with: bytes)
    }
}
