/// Certificates for servers on loopback. They were made once, with the one key of them all, and hold until 2120: nobody else
/// trusts their authority.
package enum TestCertificate: String, CaseIterable, Sendable {
    /// Of a server, by the authority, for `localhost`, 127.0.0.1 and `service.example`.
    case good
    /// Expired on 2020-03-01.
    case expired
    /// Not valid before 2110-05-01.
    case early
    /// For `www.example.com` and `*.example.net`.
    case elsewhere
    /// By an authority that nobody has.
    case foreign
    /// By itself, as `my server`.
    case selfSigned
    /// By itself, for the addresses 192.0.2.7 and 2001:db8::7 and for no name.
    case addressed

    /// The certificate of the authority, for `SSL_CERT_FILE`.
    package static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBajCCARCgAwIBAgIBATAKBggqhkjOPQQDAjAzMRAwDgYDVQQKDAdFeGFtcGxl
        MR8wHQYDVQQDDBZFeGFtcGxlIFRlc3QgQXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAw
        MFoYDzIxMjAwMTAxMDAwMDAwWjAzMRAwDgYDVQQKDAdFeGFtcGxlMR8wHQYDVQQD
        DBZFeGFtcGxlIFRlc3QgQXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
        QgAEdlU4Jzjtebq6VG2iI3K5vXov82q/3uY/w3vuk4wegpj859vlWlr3g4jodKbq
        NVDttfV1YeGWBCriY3hV0IVLcqMTMBEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjO
        PQQDAgNIADBFAiBJyl4Wg+KE4ao+LpQPO56IMzfXGyp6ZYCe1J+esePx4gIhAOdV
        BxQigCrS9cKf8wDN5g+r4jSV68W5gwtTsMMRrRG4
        -----END CERTIFICATE-----
        """

    /// The key of every server.
    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6A1O6dkLoahW47uY
        sTTnmZkA9nvqCSB+1xB88K9szQqhRANCAAR0AxHJYjxhGOFBjPbdEbdyjzai2B3Y
        5KMU9NaQYZABwqKmokJJf1bCdvwt2mq+u3RB81g6hiH2x9pOgPIT1S5X
        -----END PRIVATE KEY-----
        """

    /// PEM.
    package var pem: String {
        switch self {
        case .good:
            """
            -----BEGIN CERTIFICATE-----
            MIIBbzCCARagAwIBAgIBAjAKBggqhkjOPQQDAjAzMRAwDgYDVQQKDAdFeGFtcGxl
            MR8wHQYDVQQDDBZFeGFtcGxlIFRlc3QgQXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAw
            MFoYDzIxMjAwMTAxMDAwMDAwWjAPMQ0wCwYDVQQDDARnb29kMFkwEwYHKoZIzj0C
            AQYIKoZIzj0DAQcDQgAEdAMRyWI8YRjhQYz23RG3co82otgd2OSjFPTWkGGQAcKi
            pqJCSX9Wwnb8Ldpqvrt0QfNYOoYh9sfaToDyE9UuV6M9MDswDAYDVR0TAQH/BAIw
            ADArBgNVHREEJDAigglsb2NhbGhvc3SHBH8AAAGCD3NlcnZpY2UuZXhhbXBsZTAK
            BggqhkjOPQQDAgNHADBEAiBANomeQKyTnX5tON74kqtGX1rJLXy7nj6FhNz61hsY
            7gIgThxiPaidWvWb5Zj7AigIyEEFB5nTvYuKKqmsiogkBIM=
            -----END CERTIFICATE-----
            """
        case .expired:
            """
            -----BEGIN CERTIFICATE-----
            MIIBcjCCARegAwIBAgIBAzAKBggqhkjOPQQDAjAzMRAwDgYDVQQKDAdFeGFtcGxl
            MR8wHQYDVQQDDBZFeGFtcGxlIFRlc3QgQXV0aG9yaXR5MB4XDTE5MDEwMTAwMDAw
            MFoXDTIwMDMwMTAwMDAwMFowEjEQMA4GA1UEAwwHZXhwaXJlZDBZMBMGByqGSM49
            AgEGCCqGSM49AwEHA0IABHQDEcliPGEY4UGM9t0Rt3KPNqLYHdjkoxT01pBhkAHC
            oqaiQkl/VsJ2/C3aar67dEHzWDqGIfbH2k6A8hPVLlejPTA7MAwGA1UdEwEB/wQC
            MAAwKwYDVR0RBCQwIoIJbG9jYWxob3N0hwR/AAABgg9zZXJ2aWNlLmV4YW1wbGUw
            CgYIKoZIzj0EAwIDSQAwRgIhALz39BDJYFgCYCVxXnG+77odveBLez3ZKj+SZCkJ
            g+PNAiEA5q6y/EsBr2aAPEZSVRpTfpugz8d+BxjzuOluGN6oYjE=
            -----END CERTIFICATE-----
            """
        case .early:
            """
            -----BEGIN CERTIFICATE-----
            MIIBczCCARmgAwIBAgIBBDAKBggqhkjOPQQDAjAzMRAwDgYDVQQKDAdFeGFtcGxl
            MR8wHQYDVQQDDBZFeGFtcGxlIFRlc3QgQXV0aG9yaXR5MCIYDzIxMTAwNTAxMDAw
            MDAwWhgPMjEyMDAxMDEwMDAwMDBaMBAxDjAMBgNVBAMMBWVhcmx5MFkwEwYHKoZI
            zj0CAQYIKoZIzj0DAQcDQgAEdAMRyWI8YRjhQYz23RG3co82otgd2OSjFPTWkGGQ
            AcKipqJCSX9Wwnb8Ldpqvrt0QfNYOoYh9sfaToDyE9UuV6M9MDswDAYDVR0TAQH/
            BAIwADArBgNVHREEJDAigglsb2NhbGhvc3SHBH8AAAGCD3NlcnZpY2UuZXhhbXBs
            ZTAKBggqhkjOPQQDAgNIADBFAiEAxC2JDfxX2MaIM/lpy+0EqwuSHyXHL2rpb3Lk
            ktp25aECIGgLORqgxL4uP/jtFrZfCvJRSpHNA/ro2kPTAQu669oq
            -----END CERTIFICATE-----
            """
        case .elsewhere:
            """
            -----BEGIN CERTIFICATE-----
            MIIBczCCARmgAwIBAgIBBTAKBggqhkjOPQQDAjAzMRAwDgYDVQQKDAdFeGFtcGxl
            MR8wHQYDVQQDDBZFeGFtcGxlIFRlc3QgQXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAw
            MFoYDzIxMjAwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAllbHNld2hlcmUwWTATBgcq
            hkjOPQIBBggqhkjOPQMBBwNCAAR0AxHJYjxhGOFBjPbdEbdyjzai2B3Y5KMU9NaQ
            YZABwqKmokJJf1bCdvwt2mq+u3RB81g6hiH2x9pOgPIT1S5XozswOTAMBgNVHRMB
            Af8EAjAAMCkGA1UdEQQiMCCCD3d3dy5leGFtcGxlLmNvbYINKi5leGFtcGxlLm5l
            dDAKBggqhkjOPQQDAgNIADBFAiAICpOQm60kcfYEc9lswtmGXFLzth+ii14QeZX6
            6msAXwIhALpFh7WY4ScGWTclOgoifJYJ+UZZrJuqMk9oWPZOsZyn
            -----END CERTIFICATE-----
            """
        case .foreign:
            """
            -----BEGIN CERTIFICATE-----
            MIIBdzCCAR2gAwIBAgIBBjAKBggqhkjOPQQDAjA3MREwDwYDVQQKDAhTb21lYm9k
            eTEiMCAGA1UEAwwZU29tZWJvZHkgRWxzZSdzIEF1dGhvcml0eTAgFw0yMDAxMDEw
            MDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowEjEQMA4GA1UEAwwHZm9yZWlnbjBZMBMG
            ByqGSM49AgEGCCqGSM49AwEHA0IABHQDEcliPGEY4UGM9t0Rt3KPNqLYHdjkoxT0
            1pBhkAHCoqaiQkl/VsJ2/C3aar67dEHzWDqGIfbH2k6A8hPVLlejPTA7MAwGA1Ud
            EwEB/wQCMAAwKwYDVR0RBCQwIoIJbG9jYWxob3N0hwR/AAABgg9zZXJ2aWNlLmV4
            YW1wbGUwCgYIKoZIzj0EAwIDSAAwRQIgJ4Q70Rkxv48rvc0QdYFW5Ra3T8XkXi0n
            Foj5AOZOWusCIQCg1kTVIdL8bw05S2Cg/aPQH7CqN0aVDitV+kr8RSzWPg==
            -----END CERTIFICATE-----
            """
        case .selfSigned:
            """
            -----BEGIN CERTIFICATE-----
            MIIBVTCB/KADAgECAgEHMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCW15IHNlcnZl
            cjAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAGA1UEAwwJ
            bXkgc2VydmVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdAMRyWI8YRjhQYz2
            3RG3co82otgd2OSjFPTWkGGQAcKipqJCSX9Wwnb8Ldpqvrt0QfNYOoYh9sfaToDy
            E9UuV6M9MDswDAYDVR0TAQH/BAIwADArBgNVHREEJDAigglsb2NhbGhvc3SHBH8A
            AAGCD3NlcnZpY2UuZXhhbXBsZTAKBggqhkjOPQQDAgNIADBFAiEAiwBd595qtJj8
            1WX+eVtNg9CNOhgGniq0S6k4qIocBoUCIEVOPlYrrpqCQpBeJowvEmUftwUd0+ov
            Edg3M0PtQ7Ey
            -----END CERTIFICATE-----
            """
        case .addressed:
            """
            -----BEGIN CERTIFICATE-----
            MIIBbjCCAROgAwIBAgIBCTAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDApteSBhZGRy
            ZXNzMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAVMRMwEQYDVQQD
            DApteSBhZGRyZXNzMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEdAMRyWI8YRjh
            QYz23RG3co82otgd2OSjFPTWkGGQAcKipqJCSX9Wwnb8Ldpqvrt0QfNYOoYh9sfa
            ToDyE9UuV6NSMFAwDAYDVR0TAQH/BAIwADAhBgNVHREEGjAYhwTAAAIHhxAgAQ24
            AAAAAAAAAAAAAAAHMB0GA1UdDgQWBBT6ENopzcKKHCbfl/HDJ5bjr5E64TAKBggq
            hkjOPQQDAgNJADBGAiEAxA2jvuOABXvpJf1AxFdngv4L2yUHaWzVCCUfpBPHOcUC
            IQDmWneOfHVhNgWR5vosNmH3+kSO6IZt+z3q9KWNI+Jq8A==
            -----END CERTIFICATE-----
            """
        }
    }
}
