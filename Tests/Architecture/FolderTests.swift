import Testing

@Suite("Folders and files") struct FolderTests {
    /// How many files one folder holds at most.
    private static let most = 24

    @Test("no folder of the sources holds more than 24 files")
    func sizes() {
        let folders = SourceTree.folders()
        #expect(folders.count > 40)
        for (folder, files) in folders { #expect(files.count <= Self.most, "Sources/\(folder) holds \(files.count)") }
    }
}
