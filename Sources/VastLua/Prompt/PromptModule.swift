package import FleetRules
package import FleetSafety
package import LuaEngine
package import VastAPI

/// What the prompt needs of a runtime.
package final class PromptModule: RuntimeModule {
    /// The instances as they were seen last, by id.
    package var knownInstances: [Instance] { runtime.fleet.memory.known.sorted { $0.id < $1.id } }

    /// A function that shows its arguments as answers of the prompt.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    package func makeShow(_ display: @escaping () -> Display, _ write: @escaping (String) -> Void) throws -> LuaReference {
        try host.build { writer in
            let body = bound { module, call in
                write(try ValueShow(module.runtime, display()).text(call))
                return .values
            }
            writer.function("show", body)
        }
    }

    /// Reads the account and the fleet side by side with everything else, and hands over what came.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    package func look(_ body: @escaping (Result<(user: User?, instances: [Instance]), any Error>) -> Void) throws {
        let look = try host.build { writer in
            let reading = bound { module, call in
                let runtime = module.runtime
                let service = try runtime.service()
                return call.wait(
                    for: {
                        async let user = try? service.user()
                        let snapshot = try await service.list(.all)
                        return (await user, snapshot)
                    },
                    thenResult: { _, result in
                        body(result.map { (user: $0.0, instances: runtime.fleet.note($0.1)) })
                        return .values
                    })
            }
            writer.function("look", reading)
        }
        let task = try host.spawn(look, name: "look")
        task.onEnd = { task in
            // Without a key there is no service to wait for.
            if let error = task.failure { body(.failure(error)) }
        }
    }

    /// From now on changes are planned, or sent, by another service; what is known of the fleet begins anew, since it was
    /// shown as if planned changes had been made.
    ///
    /// - Throws: `LuaError` of kind `memory`.
    package func setPlanning(
        _ isPlanning: Bool, service: @escaping @Sendable () throws -> any FleetChain,
        limit: @escaping @Sendable (GuardLimits) throws -> [String]
    ) throws {
        guard isPlanning != runtime.isPlanning else { return }
        runtime.switchService(service)
        (runtime.options.isPlanning, runtime.options.limit) = (isPlanning, limit)
        runtime.store.values.setPlanning(isPlanning)
        runtime.policies.setPlanning(isPlanning)
        runtime.fleet.setPlanning(isPlanning)
        _ = try host.run(try host.load("rawset(vast, 'dry_run', ...)", name: "=prompt"), name: "prompt") { $0.boolean(isPlanning) }
    }
}
