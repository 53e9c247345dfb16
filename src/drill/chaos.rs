//! Executes a plan: injects all faults.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::{JoinHandle, spawn_blocking};

use super::baseline::Baseline;
use super::plan::{self, Cycle, JobTrouble, Others, Plan, Restart, System};
use super::replica::Replica;
use super::world::World;
use crate::sandbox::faults::FaultRule;
use crate::sandbox::zendesk::JobSwitches;
use crate::testbed::postgres::Server;

/// The faults injected so far, counted by kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Done {
    pub(super) cycles: usize,
    pub(super) kills: usize,
    pub(super) freezes: usize,
    pub(super) partitions: usize,
    pub(super) database_restarts: usize,
    pub(super) jumps: usize,
    pub(super) revoked: usize,
    /// How often each fault occurred.
    pub(super) faults: BTreeMap<&'static str, u64>,
    /// From each kill until the process was ready again.
    pub(super) ready_after: Vec<Duration>,
}

/// The executor of a plan.
#[derive(Debug)]
pub(super) struct Chaos<'a> {
    world: &'a World,
    baseline: &'a Baseline,
    server: Option<Server>,
    done: Done,
    /// The process that is frozen or cut off, until it is ready again.
    away: Option<(usize, JoinHandle<anyhow::Result<()>>)>,
}

impl<'a> Chaos<'a> {
    pub(super) fn new(world: &'a World, baseline: &'a Baseline, server: Option<Server>) -> Self {
        Self { world, baseline, server, done: Done::default(), away: None }
    }

    /// Executes all cycles, or as many as the time allows; returns the server.
    ///
    /// # Errors
    /// If a process cannot be started or signalled, or is not ready in time.
    pub(super) async fn carry_out(
        mut self,
        plan: &Plan,
        until: Instant,
    ) -> anyhow::Result<(Done, Option<Server>)> {
        self.world.network.suffers(true);
        for cycle in &plan.cycles {
            if Instant::now() > until {
                break;
            }
            self.one(cycle).await?;
            self.done.cycles += 1;
        }
        self.back().await?;
        self.world.network.suffers(false);
        for trouble in plan.cycles.iter().take(self.done.cycles).flat_map(|cycle| &cycle.troubles) {
            self.count(&trouble.rule, true);
        }
        let faults = [self.world.sandbox.zendesk.faults(), self.world.sandbox.parking.faults()];
        for left in faults.iter().flat_map(|faults| faults.waiting()) {
            self.count(&left, false);
        }
        for faults in faults {
            faults.clear();
        }
        self.world.sandbox.zendesk.set_job_switches(JobSwitches::default());
        Ok((self.done, self.server))
    }

    /// Rules that have not occurred (yet) are subtracted.
    fn count(&mut self, rule: &FaultRule, ordered: bool) {
        let struck = self.done.faults.entry(plan::name(&rule.fault)).or_default();
        let times = u64::from(rule.times.unwrap_or_default());
        *struck = if ordered { *struck + times } else { struck.saturating_sub(times) };
    }

    async fn one(&mut self, cycle: &Cycle) -> anyhow::Result<()> {
        self.make_trouble(cycle);
        {
            let mut actors = self.world.actors();
            for told in &cycle.opened {
                actors.open(*told, None)?;
            }
            for (told, forgery) in &cycle.forged {
                actors.open(*told, Some(*forgery))?;
            }
            for others in &cycle.others {
                match others {
                    Others::Household => actors.open_household()?,
                    Others::FollowUp => actors.follow_up(self.baseline)?,
                }
            }
        }
        self.freeze(cycle).await?;
        self.cut_off(cycle).await?;
        tokio::time::sleep(cycle.pause / 2).await;
        if let Some(how) = cycle.database {
            self.restart_database(how).await?;
        }
        tokio::time::sleep(cycle.pause / 2).await;
        let victim = match &self.away {
            Some((away, _)) if self.world.replicas.len() > 1 => (away + 1) % self.world.replicas.len(),
            _ => cycle.victim,
        };
        self.kill(victim, cycle).await
    }

    fn make_trouble(&mut self, cycle: &Cycle) {
        let sandbox = &self.world.sandbox;
        for trouble in &cycle.troubles {
            let faults = match trouble.at {
                System::Zendesk => sandbox.zendesk.faults(),
                System::Parking => sandbox.parking.faults(),
            };
            faults.inject(trouble.rule.clone());
        }
        if let Some(jump) = cycle.jump {
            self.world.clock.advance(jump);
            self.done.jumps += 1;
        }
        let mut switches = sandbox.zendesk.job_switches();
        match cycle.job {
            Some(JobTrouble::Killed) => switches.kill_next = 1,
            Some(JobTrouble::ItemsFail(items)) => switches.fail_next_items = items,
            None => {}
        }
        sandbox.zendesk.set_job_switches(switches);
        if cycle.revoke_tokens {
            sandbox.zendesk.revoke_tokens();
            self.done.revoked += 1;
        }
    }

    async fn kill(&mut self, victim: usize, cycle: &Cycle) -> anyhow::Result<()> {
        let replica = &self.world.replicas[victim];
        let mut killed_at = replica.kill()?;
        self.done.kills += 1;
        replica.start(cycle.verbose)?;
        if let Some(after) = cycle.again_after {
            tokio::time::sleep(after).await;
            killed_at = replica.kill()?;
            self.done.kills += 1;
            replica.start(cycle.verbose)?;
        }
        let ready = replica.ready(killed_at).await?;
        self.done.ready_after.push(ready.after);
        self.world.network.knock(victim).await;
        Ok(())
    }

    /// Freezes a process. With others the drill continues meanwhile; a single one would only be killed.
    async fn freeze(&mut self, cycle: &Cycle) -> anyhow::Result<()> {
        if self.away.as_ref().is_some_and(|(_, coming)| coming.is_finished()) {
            self.back().await?;
        }
        let Some((number, how_long)) = cycle.freeze.filter(|_| self.away.is_none()) else { return Ok(()) };
        let replica = Arc::clone(&self.world.replicas[number]);
        // Most likely it holds a lease when it freezes.
        tokio::time::sleep(cycle.pause / 8).await;
        replica.freeze()?;
        self.done.freezes += 1;
        self.away = Some((number, tokio::spawn(thaw(replica, how_long))));
        if self.world.replicas.len() == 1 {
            self.back().await?;
        }
        Ok(())
    }

    /// Cuts a process off from the database. The other one continues, and takes over its cases.
    async fn cut_off(&mut self, cycle: &Cycle) -> anyhow::Result<()> {
        let Some(partition) = cycle.partition else { return Ok(()) };
        let number = partition.replica;
        let Some(link) = self.world.links.get(number) else { return Ok(()) };
        self.back().await?;
        let (link, replica) = (Arc::clone(link), Arc::clone(&self.world.replicas[number]));
        // Most likely it holds a lease when it is cut off.
        tokio::time::sleep(cycle.pause / 8).await;
        replica.cut_off();
        link.cut();
        self.done.partitions += 1;
        self.away = Some((
            number,
            tokio::spawn(async move {
                tokio::time::sleep(partition.how_long).await;
                link.heal(partition.heals);
                replica.ready(Instant::now()).await.map(drop)
            }),
        ));
        Ok(())
    }

    async fn back(&mut self) -> anyhow::Result<()> {
        match self.away.take() {
            Some((_, coming)) => coming.await?,
            None => Ok(()),
        }
    }

    async fn restart_database(&mut self, how: Restart) -> anyhow::Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        self.world.network.database_changes();
        let restarted = spawn_blocking(move || {
            match how {
                Restart::Fast => server.stop()?,
                Restart::Immediate => server.crash()?,
            }
            server.start()?;
            anyhow::Ok(server)
        });
        self.server = Some(restarted.await??);
        self.done.database_restarts += 1;
        // The processes have lost their connections, and find out over time.
        for replica in &self.world.replicas {
            if self.away.as_ref().is_none_or(|(away, _)| !Arc::ptr_eq(replica, &self.world.replicas[*away])) {
                replica.ready(Instant::now()).await?;
            }
        }
        self.world.network.database_changes();
        Ok(())
    }
}

async fn thaw(replica: Arc<Replica>, after: Duration) -> anyhow::Result<()> {
    tokio::time::sleep(after).await;
    replica.thaw()?;
    replica.ready(Instant::now()).await?;
    Ok(())
}
