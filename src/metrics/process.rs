//! The process itself, under the names that Prometheus' client libraries share.

use prometheus_client::registry::Registry;

/// The figures of this process; empty where the system does not tell them.
#[cfg(target_os = "linux")]
pub(super) fn of_this() -> Registry {
    use std::sync::atomic::AtomicU64;

    use procfs::process::Process;
    use prometheus_client::metrics::counter::ConstCounter;
    use prometheus_client::metrics::gauge::Gauge;
    use prometheus_client::registry::Unit;

    let mut registry = Registry::default();
    let Ok(process) = Process::myself() else { return registry };
    let Ok(stat) = process.stat() else { return registry };
    let per_second = procfs::ticks_per_second();
    #[expect(clippy::cast_precision_loss, reason = "exact for 285,000 years of processor time")]
    let seconds = |ticks: u64| ticks as f64 / per_second as f64;
    registry.register_with_unit(
        "process_cpu",
        "Processor time of this process",
        Unit::Seconds,
        ConstCounter::new(seconds(stat.utime + stat.stime)),
    );
    let gauge = |registry: &mut Registry, name: &str, help: &str, value: u64| {
        let gauge = Gauge::<u64, AtomicU64>::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    };
    let resident = stat.rss * procfs::page_size();
    gauge(
        &mut registry,
        "process_resident_memory_bytes",
        "Memory of this process that is resident",
        resident,
    );
    if let Ok(open) = process.fd_count() {
        let open = u64::try_from(open).unwrap_or(u64::MAX);
        gauge(&mut registry, "process_open_fds", "Open file descriptors of this process", open);
    }
    if let Ok(limits) = process.limits()
        && let procfs::process::LimitValue::Value(most) = limits.max_open_files.soft_limit
    {
        gauge(&mut registry, "process_max_fds", "The most file descriptors this process may open", most);
    }
    if let Ok(booted) = procfs::boot_time_secs() {
        let started = booted + stat.starttime / per_second;
        gauge(&mut registry, "process_start_time_seconds", "When this process started", started);
    }
    registry
}

#[cfg(not(target_os = "linux"))]
pub(super) fn of_this() -> Registry {
    Registry::default()
}
