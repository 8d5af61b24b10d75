#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif
import Testing

@testable import FleetStore

@Suite("Where the state lies")
struct StateLocationTests {
    @Test(
        "the first variable that names a directory wins",
        arguments: [
            (["VAST_LUA_STATE": "/a/b/", "XDG_STATE_HOME": "/x", "HOME": "/h"], "/a/b"),
            (["XDG_STATE_HOME": "/x/", "HOME": "/h"], "/x/vast-lua"),
            (["HOME": "/"], "/.local/state/vast-lua"),
            (["VAST_LUA_STATE": "", "XDG_STATE_HOME": "", "HOME": "/h/"], "/h/.local/state/vast-lua")
        ])
    func order(environment: [String: String], expected: String) throws {
        #expect(try StateLocation.directory(environment: environment) == expected)
    }

    @Test("the password entry's home stands in for a missing HOME")
    func home() throws {
        #expect(try StateLocation.directory(environment: [:], home: "/home/u") == "/home/u/.local/state/vast-lua")
    }

    @Test(
        "without any of them, or with a relative one, there is no place",
        arguments: [
            [:], ["VAST_LUA_STATE": "here"], ["VAST_LUA_STATE": "~/x", "HOME": "/h"], ["XDG_STATE_HOME": "relative", "HOME": "/h"],
            ["HOME": "h"]
        ])
    func nowhere(environment: [String: String]) {
        #expect { try StateLocation.directory(environment: environment) } throws: { ($0 as? StateError)?.kind == .noPlace }
    }

    @Test(
        "network file systems are told from local ones",
        arguments: [
            (nil, FileSystemKind.local), ("ext4", .local), ("overlay", .local), ("tmpfs", .local), ("virtiofs", .local),
            ("fuse.gocryptfs", .local), ("fuse", .local), ("nfs4", .network("nfs4")), ("cifs", .network("cifs")),
            ("9p", .network("9p")), ("fuse.sshfs", .network("sshfs"))
        ] as [(String?, FileSystemKind)])
    func fileSystems(mount: String?, expected: FileSystemKind) {
        #expect(FileSystemKind.judge(mount: mount) == expected)
    }

    @Test("this machine's own mounts are understood")
    func ownMounts() {
        let text = SmallFile.read("/proc/self/mountinfo", limit: 1 << 20) ?? ""
        var status = stat()
        stat("/proc/self", &status)
        #expect(FileSystemKind.mountType(device: FileSystemKind.deviceName(UInt64(status.st_dev)), mountinfo: text) == "proc")
    }

    @Test("the type of a mount is read from mountinfo, whatever optional fields it has")
    func mountinfo() {
        let text = """
            36 35 98:0 / /mnt1 rw,noatime master:1 shared:2 - ext3 /dev/root rw
            40 35 0:52 / /home/x/remote rw,nosuid - fuse.sshfs x@y: rw
            """
        #expect(FileSystemKind.mountType(device: "0:52", mountinfo: text) == "fuse.sshfs")
        #expect(FileSystemKind.mountType(device: "98:0", mountinfo: text) == "ext3")
        #expect(FileSystemKind.mountType(device: "1:1", mountinfo: text) == nil)
    }
}
