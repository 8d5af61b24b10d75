#!/usr/bin/env python3
"""Writes the pages of a listing, one JSON body a line: 10,000 rows of 100 fields in pages of 25, about 30 MB.

usage: make_listing.py FILE [ROWS]

The rows have the fields, types and magnitudes that the service's documentation shows; the values are invented.
"""
import base64
import json
import random
import sys


def row(index, rng):
    on = rng.random() < 0.7
    gpus = rng.choice([1, 1, 2, 4, 8])
    base = round(gpus * rng.uniform(0.2, 2.4), 5)
    disk = round(rng.uniform(0.002, 0.3), 5)
    hours = {"gpuCostPerHour": base if on else 0, "diskHour": disk, "totalHour": base + disk if on else disk,
             "discountTotalHour": 0, "discountedTotalPerHour": base + disk if on else disk}
    status = "running" if on else "exited"
    state = "running" if on else "stopped"
    name = rng.choice(["RTX 4090", "RTX 3090", "H100 SXM", "A100 PCIE", "L40S"])
    port = 20000 + index % 40000
    fields = {
        "id": 40000000 + index * 3, "label": rng.choice([None, f"train-{index}", f"keep-{index}", "größe/λ"]),
        "machine_id": 20000 + index, "host_id": 80000 + index % 700, "bundle_id": index % 900, "template_id": None,
        "template_hash_id": "0c1d2e3f4a5b6c7d", "template_name": "PyTorch (Vast)",
        "image_uuid": "vastai/pytorch:2.5.1-cuda-12.4.1", "image_args": [], "image_runtype": "ssh_direc ssh_proxy",
        "extra_env": [["MODE", "train"], ["-p 8080:8080", "1"], ["DATA", "/workspace/data"]],
        "onstart": "bash /workspace/run.sh --epochs 40 --batch 32 --out /workspace/out\nsleep infinity",
        "jupyter_token": f"{rng.getrandbits(256):064x}", "actual_status": status, "intended_status": state,
        "cur_state": state, "next_state": state,
        "status_msg": "success, running vastai/pytorch_2.5.1-cuda-12.4.1/ssh",
        "start_date": 1795160011.4821 + index, "end_date": 1803000000.0, "uptime_mins": None,
        "duration": 7624000.5 + index, "time_remaining": "2 Mon 28 D 5 Hr", "time_remaining_isbid": "",
        "client_run_time": 1.1, "host_run_time": 2592000.0, "gpu_name": name, "num_gpus": gpus, "gpu_frac": gpus / 8,
        "gpu_ram": 24564, "gpu_totalram": 24564 * gpus, "gpu_arch": "nvidia",
        "gpu_util": round(rng.uniform(0, 100), 1) if on else None,
        "gpu_temp": round(rng.uniform(30, 80), 1) if on else None, "gpu_lanes": 16, "gpu_mem_bw": 901.3,
        "bw_nvlink": 0.0, "pci_gen": 4.0, "pcie_bw": 24.7, "driver_version": "550.54.15", "cuda_max_good": 12.4,
        "cpu_name": "AMD EPYC 7543 32-Core Processor", "cpu_arch": "amd64", "cpu_cores": 64,
        "cpu_cores_effective": 16.0, "cpu_ram": 257655, "cpu_util": round(rng.random(), 3), "mem_limit": 64.41,
        "mem_usage": round(rng.uniform(1, 60), 2), "vmem_usage": 30.2, "disk_space": 100.0,
        "disk_usage": round(rng.uniform(1, 99), 2), "disk_util": 0.417, "disk_name": "Samsung SSD 980 PRO 2TB",
        "disk_bw": 3100.0, "volume_info": [], "dph_base": base, "dph_total": base + disk, "min_bid": 0.36,
        "is_bid": False, "storage_cost": 0.15, "storage_total_cost": disk, "vram_costperhour": 0.00001427,
        "inet_up_cost": 0.004, "inet_down_cost": 0.004, "search": hours, "instance": hours, "credit_balance": None,
        "credit_discount": None, "credit_discount_max": 0.4, "geolocation": "Poland, PL", "country_code": "PL",
        "hosting_type": 1, "verification": "verified", "reliability2": 0.9971, "rentable": True, "external": False,
        "static_ip": True, "public_ipaddr": f"192.0.2.{index % 250}", "local_ipaddrs": "10.0.0.5 172.17.0.1 \n",
        "ssh_host": f"ssh{index % 9}.vast.ai", "ssh_port": 10000 + index % 50000, "ssh_idx": str(index % 9),
        "machine_dir_ssh_port": 21000, "direct_port_count": 64, "direct_port_start": 20000, "direct_port_end": 20003,
        "ports": {"22/tcp": [{"HostIp": "0.0.0.0", "HostPort": str(port)}],
                  "8080/tcp": [{"HostIp": "0.0.0.0", "HostPort": str(port + 1)}]},
        "inet_up": 812.4, "inet_down": 905.1, "score": None, "dlperf": None, "dlperf_per_dphtotal": None,
        "flops_per_dphtotal": 235.6, "total_flops": 165.1, "os_version": None, "mobo_name": "ROMED8-2T",
        "webpage": None, "logo": "/static/logos/vastai_small2.png",
    }
    return fields


def main():
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    rng = random.Random(7)
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        for start in range(0, rows, 25):
            page = [row(i, rng) for i in range(start, min(start + 25, rows))]
            last = page[-1]["id"]
            token = base64.b64encode(json.dumps({"values": {"id": last}}).encode()).decode()
            body = {"success": True, "instances_found": len(page), "total_instances": rows, "label_counts": {},
                    "next_token": token if start + 25 < rows else None, "instances": page}
            out.write(json.dumps(body, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
