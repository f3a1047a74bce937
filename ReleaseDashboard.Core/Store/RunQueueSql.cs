namespace ReleaseDashboard.Core.Store;

/// <summary>The SQL of the queue, with its reasons.</summary>
internal static class RunQueueSql
{
    /// <summary>
    /// Claims one run. SQLite has one writer at a time, so that one UPDATE … RETURNING is atomic without SKIP LOCKED. Parameters: 0 worker, 1 lease
    /// until, 2 now (ticks).
    /// <list type="bullet">
    /// <item>No running run of the same key: the unique partial index IX_Runs_OneRunningPerLockKey would refuse it anyway and is the proof; asking
    /// first makes it a skip instead of an error.</item>
    /// <item>No older queued run of the same key: first come, first served for each environment, even when the older one still waits for its
    /// build; a newer deployment must not overtake an older one and be undone by it.</item>
    /// <item>The run it comes after has succeeded: no setup or patch without a build.</item>
    /// <item>Attempt rises with the claim: (Id, Attempt) is what fences off a worker that was taken for dead.</item>
    /// <item>StartedAt stays at the first start, so that a resumed run shows how long people have waited.</item>
    /// </list>
    /// </summary>
    public const string Claim =
        """
        UPDATE "Runs" SET
            "Status" = 'Running',
            "Attempt" = "Attempt" + 1,
            "LeaseOwner" = {0},
            "LeaseUntil" = {1},
            "StartedAt" = COALESCE("StartedAt", {2}),
            "NotBefore" = NULL,
            "Waiting" = NULL
        WHERE "Id" IN (
            SELECT r."Id" FROM "Runs" r
            WHERE r."Status" = 'Queued'
              AND (r."NotBefore" IS NULL OR r."NotBefore" <= {2})
              AND NOT EXISTS (SELECT 1 FROM "Runs" h WHERE h."LockKey" = r."LockKey" AND h."Status" = 'Running')
              AND NOT EXISTS (SELECT 1 FROM "Runs" o WHERE o."LockKey" = r."LockKey" AND o."Status" = 'Queued' AND o."Id" < r."Id")
              AND (r."AfterRunId" IS NULL OR EXISTS (SELECT 1 FROM "Runs" a WHERE a."Id" = r."AfterRunId" AND a."Status" = 'Succeeded'))
            ORDER BY r."Id"
            LIMIT 1)
        RETURNING *
        """;

    /// <summary>
    /// Runs made by a push that never started and that a newer one of the same environment, which could start now, makes pointless. Only pushes
    /// give way: what a person asked for by hand is carried out. They give way only to a run that is ready, so that a newer commit whose
    /// build takes long (or fails) does not take the older one's turn; a running run never gives way. Parameter 0: now (ticks).
    /// </summary>
    public const string Superseded =
        """
        SELECT r.* FROM "Runs" r
        WHERE r."Status" = 'Queued' AND r."Trigger" = 'push' AND r."Attempt" = 0 AND r."Stage" IN ('Patch', 'Setup')
          AND EXISTS (
            SELECT 1 FROM "Runs" n
            WHERE n."LockKey" = r."LockKey" AND n."Status" = 'Queued' AND n."Id" > r."Id"
              AND n."Trigger" IN ('push', 'deploy') AND n."Stage" IN ('Patch', 'Setup')
              AND (n."NotBefore" IS NULL OR n."NotBefore" <= {0})
              AND (n."AfterRunId" IS NULL OR EXISTS (SELECT 1 FROM "Runs" a WHERE a."Id" = n."AfterRunId" AND a."Status" = 'Succeeded')))
        """;
}
