# One run a night: nomad job run deploy/vast-lua.nomad.hcl
# Before: nomad var put nomad/jobs/vast-lua-nightly VAST_API_KEY=…, and a host volume "vast-lua-state" on the client.
job "vast-lua-nightly" {
  type = "batch"

  periodic {
    crons            = ["30 22 * * *"]
    time_zone        = "Europe/Berlin"
    prohibit_overlap = true
  }

  group "nightly" {
    volume "state" {
      type   = "host"
      source = "vast-lua-state"
    }

    restart {
      attempts = 0
      mode     = "fail"
    }

    task "vast-lua" {
      driver       = "docker"
      user         = "10001"
      kill_timeout = "30s"

      config {
        image           = "vast-lua:0.1.0"
        args            = ["--once", "--log-format", "json", "/usr/share/vast-lua/scripts/nightly.lua"]
        readonly_rootfs = true
        cap_drop        = ["all"]
      }

      template {
        destination = "secrets/key.env"
        env         = true
        data        = <<EOT
{{ with nomadVar "nomad/jobs/vast-lua-nightly" }}VAST_API_KEY={{ .VAST_API_KEY }}{{ end }}
EOT
      }

      env {
        VAST_LUA_STATE = "/state/vast-lua"
      }

      volume_mount {
        volume      = "state"
        destination = "/state"
      }

      resources {
        cpu    = 100
        memory = 256
      }
    }
  }
}
