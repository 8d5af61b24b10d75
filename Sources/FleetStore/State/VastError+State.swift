package import VastModels

extension VastError {
    /// Any error as the one that refuses a change.
    package init(refusing error: any Error) {
        switch error {
        case let error as VastError: self = error
        case let error as StateError: self = error.refusal
        case is CancellationError: self.init(.cancelled, "cancelled")
        default: self.init(.guard, "no change is made that cannot be noted: \(error)", code: VastError.stateCode, cause: error)
        }
    }
}
