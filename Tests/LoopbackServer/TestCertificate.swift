/// Certificates for servers on loopback. They were made once, with the one key of them all, and hold until 2120: nobody else
/// trusts their authority.
package enum TestCertificate: String, CaseIterable, Sendable {
    /// Of a server, by the authority, for `localhost` and 127.0.0.1.
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

    /// The certificate of the authority, for `SSL_CERT_FILE`.
    package static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBaTCCARCgAwIBAgIBATAKBggqhkjOPQQDAjAzMRAwDgYDVQQKDAdFeGFtcGxl
        MR8wHQYDVQQDDBZFeGFtcGxlIFRlc3QgQXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAw
        MFoYDzIxMjAwMTAxMDAwMDAwWjAzMRAwDgYDVQQKDAdFeGFtcGxlMR8wHQYDVQQD
        DBZFeGFtcGxlIFRlc3QgQXV0aG9yaXR5MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
        QgAECWMzrlM2HBbBHSU3UMzXFi23x2zYYzpMjh97lD6PB2eDjQQdvLlDN1931POz
        RGYEDwHrspiZBQ5CTty+Wy/q0aMTMBEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjO
        PQQDAgNHADBEAiEA+ylK3GhO0TLHdgDFnPHW96tBC+Jc5MPTCkXk0E7o2yICHx7v
        XHidVgMSxRKSCf3U3/RsHWHCBRWhwKr8EEoTtQU=
        -----END CERTIFICATE-----
        """

    /// The key of every server.
    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgKWvH7z6SOSDlfFqr
        +mk/bulCaageXBV8GmclUrI91u2hRANCAASrudOlvFJXybj5zGKwFUsSrKEijL4I
        Ngoyi9cdpbAUU9i8CCqYP1w3V9rEpXaxbMJoSX2WigFNTfpZheGmPYrX
        -----END PRIVATE KEY-----
        """

    /// PEM.
    package var pem: String {
        switch self {
        case .good:
            """
            -----BEGIN CERTIFICATE-----
            MIIBXzCCAQWgAwIBAgIBAjAKBggqhkjOPQQDAjAzMRAwDgYDVQQKDAdFeGFtcGxl
            MR8wHQYDVQQDDBZFeGFtcGxlIFRlc3QgQXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAw
            MFoYDzIxMjAwMTAxMDAwMDAwWjAPMQ0wCwYDVQQDDARnb29kMFkwEwYHKoZIzj0C
            AQYIKoZIzj0DAQcDQgAEq7nTpbxSV8m4+cxisBVLEqyhIoy+CDYKMovXHaWwFFPY
            vAgqmD9cN1faxKV2sWzCaEl9looBTU36WYXhpj2K16MsMCowDAYDVR0TAQH/BAIw
            ADAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDSAAwRQIg
            Lvj8Gi/giTyebzvJggRKW6apSRUG7DFxTsNL5f4si3ICIQDI5nw9f0pLS3dlIztg
            S/xke29k+lwjCpKvY2PXxbmA5A==
            -----END CERTIFICATE-----
            """
        case .expired:
            """
            -----BEGIN CERTIFICATE-----
            MIIBXzCCAQagAwIBAgIBAzAKBggqhkjOPQQDAjAzMRAwDgYDVQQKDAdFeGFtcGxl
            MR8wHQYDVQQDDBZFeGFtcGxlIFRlc3QgQXV0aG9yaXR5MB4XDTE5MDEwMTAwMDAw
            MFoXDTIwMDMwMTAwMDAwMFowEjEQMA4GA1UEAwwHZXhwaXJlZDBZMBMGByqGSM49
            AgEGCCqGSM49AwEHA0IABKu506W8UlfJuPnMYrAVSxKsoSKMvgg2CjKL1x2lsBRT
            2LwIKpg/XDdX2sSldrFswmhJfZaKAU1N+lmF4aY9itejLDAqMAwGA1UdEwEB/wQC
            MAAwGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMAoGCCqGSM49BAMCA0cAMEQC
            IGPFmvBlXNZPMtocfMrHEopBC+3vtEakFjLmBapA0TuCAiABC536IAaqPGJs70RX
            tlzabFoaVXpCmWC0kElxpsGKpA==
            -----END CERTIFICATE-----
            """
        case .early:
            """
            -----BEGIN CERTIFICATE-----
            MIIBYjCCAQigAwIBAgIBBDAKBggqhkjOPQQDAjAzMRAwDgYDVQQKDAdFeGFtcGxl
            MR8wHQYDVQQDDBZFeGFtcGxlIFRlc3QgQXV0aG9yaXR5MCIYDzIxMTAwNTAxMDAw
            MDAwWhgPMjEyMDAxMDEwMDAwMDBaMBAxDjAMBgNVBAMMBWVhcmx5MFkwEwYHKoZI
            zj0CAQYIKoZIzj0DAQcDQgAEq7nTpbxSV8m4+cxisBVLEqyhIoy+CDYKMovXHaWw
            FFPYvAgqmD9cN1faxKV2sWzCaEl9looBTU36WYXhpj2K16MsMCowDAYDVR0TAQH/
            BAIwADAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDSAAw
            RQIhAIbffZ+Kt3Pq7eu0UQh9ACOyF+aAu+lX4gUuONdFV3g/AiBAy4fz496GHCBa
            9WGJlfsbQYcV3xsxi1D6v1/Gsqx46Q==
            -----END CERTIFICATE-----
            """
        case .elsewhere:
            """
            -----BEGIN CERTIFICATE-----
            MIIBczCCARmgAwIBAgIBBTAKBggqhkjOPQQDAjAzMRAwDgYDVQQKDAdFeGFtcGxl
            MR8wHQYDVQQDDBZFeGFtcGxlIFRlc3QgQXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAw
            MFoYDzIxMjAwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAllbHNld2hlcmUwWTATBgcq
            hkjOPQIBBggqhkjOPQMBBwNCAASrudOlvFJXybj5zGKwFUsSrKEijL4INgoyi9cd
            pbAUU9i8CCqYP1w3V9rEpXaxbMJoSX2WigFNTfpZheGmPYrXozswOTAMBgNVHRMB
            Af8EAjAAMCkGA1UdEQQiMCCCD3d3dy5leGFtcGxlLmNvbYINKi5leGFtcGxlLm5l
            dDAKBggqhkjOPQQDAgNIADBFAiB/K8zqbVTMIVJ9izBfVy3LwEPc/sRY5F6IuNnC
            +T66+QIhAPVRb+3/adlAHYIuBqcyDR8+oEnAFn9uXRtpNsTjBdu8
            -----END CERTIFICATE-----
            """
        case .foreign:
            """
            -----BEGIN CERTIFICATE-----
            MIIBZjCCAQygAwIBAgIBBjAKBggqhkjOPQQDAjA3MREwDwYDVQQKDAhTb21lYm9k
            eTEiMCAGA1UEAwwZU29tZWJvZHkgRWxzZSdzIEF1dGhvcml0eTAgFw0yMDAxMDEw
            MDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowEjEQMA4GA1UEAwwHZm9yZWlnbjBZMBMG
            ByqGSM49AgEGCCqGSM49AwEHA0IABKu506W8UlfJuPnMYrAVSxKsoSKMvgg2CjKL
            1x2lsBRT2LwIKpg/XDdX2sSldrFswmhJfZaKAU1N+lmF4aY9itejLDAqMAwGA1Ud
            EwEB/wQCMAAwGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMAoGCCqGSM49BAMC
            A0gAMEUCIE9HFG8QNfLRB8sMBX6D4CD4ZxxTKg/UllnCrXIjeTGAAiEA6YO+opdG
            kj6v4N9tPvYa7V7mltR7yC5Tx+ezUSH/8tk=
            -----END CERTIFICATE-----
            """
        case .selfSigned:
            """
            -----BEGIN CERTIFICATE-----
            MIIBQzCB66ADAgECAgEHMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCW15IHNlcnZl
            cjAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAGA1UEAwwJ
            bXkgc2VydmVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEq7nTpbxSV8m4+cxi
            sBVLEqyhIoy+CDYKMovXHaWwFFPYvAgqmD9cN1faxKV2sWzCaEl9looBTU36WYXh
            pj2K16MsMCowDAYDVR0TAQH/BAIwADAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8A
            AAEwCgYIKoZIzj0EAwIDRwAwRAIgTb56ClkjzqgzO9cmeKwgRjAgniVqjF2srBeJ
            ov/P/0QCICyVX4TaY0kk1sILGFoYOQP7yK3liCHw2ZNUbH2FayNp
            -----END CERTIFICATE-----
            """
        }
    }
}
