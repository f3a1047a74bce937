using System.Globalization;

namespace ReleaseDashboard.Core.Verdicts;

/// <summary>The rules, in the order in which they are asked: causes before symptoms. Each has a failure that really happened among the tests' fixtures.</summary>
public static class VerdictRules
{
    public const string Unknown = "unknown";

    public static IReadOnlyList<VerdictRule> All { get; } =
    [
        new("out-of-memory", "the engine says so, exit code 137 under a memory limit, or the runtime's own words", "Raise the memory limit of the service or job in the template, or find out what takes the memory.", OutOfMemory),
        new("timeout", "a job was stopped at its completed_timeout", "Find out what it waited for, or raise completed_timeout.", Timeout),
        new("image-not-authorised", "the registry asks for a sign-in or refuses it", "Sign the machine that runs Docker in to the registry (docker login), or use an image it may pull.", f => Pull(f, VerdictWords.NotAuthorised(), "the registry refuses it without a valid sign-in")),
        new("image-not-found", "the image cannot be pulled for any other reason", "Check the image's name and tag, and that the machine that runs Docker can reach its registry.", f => Pull(f, null, "")),
        new("disk-full", "no space left on device", "Make room on the disk of the machine that runs Docker, or in the volume, and run it again.", f => ByWords(f, VerdictWords.DiskFull(), "there is no space left on the disk it writes to")),
        new("build-dns", "a step of an image build cannot find a host by its name", "Check the name, and that containers of a build can reach a DNS server (Docker's dns setting, a proxy, a firewall).", f => f.IsBuild ? ByWords(f, VerdictWords.NameNotFound(), "a host's name could not be resolved during the build") : null),
        new("command-not-found", "exit code 126 or 127, or the engine cannot run the program", "Check the command in the template or the Dockerfile: the program must exist in the image, be executable and be made for this kind of processor.", Command),
        new("dependency-not-ready", "a connection is refused, or a host's name is not known, in a service or job", "Check that the other service is in the environment, is started in an earlier step, and that name and port are right.", f => f.IsBuild ? null : ByWords(f, VerdictWords.Unreachable(), "what it depends on cannot be reached")),
        new("permission-denied", "permission denied, operation not permitted or a read-only file system", "Check who the process runs as (USER in the Dockerfile) and who owns the files and volumes it writes to.", f => ByWords(f, VerdictWords.NotPermitted(), "it is not permitted to do what it tries")),
        new("migration-failed", "a job that migrates ended with an error", "Correct the migration, or the data it stumbles over. What was deployed before still serves.", Migration),
        new("crash-loop", "a service's process ends again and again while it starts", "Read its last lines: they usually say what is missing, often a variable or a file.", CrashLoop),
        new("listening-on-loopback", "the container's socket table has the port on 127.0.0.1 or ::1 only", "Let the program listen on 0.0.0.0 instead of localhost: other containers and the proxy cannot reach its loopback address.", Loopback),
        new("port-not-listening", "the container runs and nothing listens on the port", "Make the port of the template and the one the program listens on the same.", Deaf),
        new("probe-failing", "something answers, but not as readiness_probe wants it", "Correct what the probe asks for, or the program behind it; raise failure_threshold if it only needs more time.", Probe),
        new(Unknown, "none of the above: the last distinct error lines", "The last lines of the log usually say why. Correct it and run it again.", AnythingElse),
    ];

    private static Finding? OutOfMemory(FailureFacts facts)
    {
        var clues = facts.Clues;
        var said = facts.LastOwn(VerdictWords.OutOfMemory());
        var killed = clues is { ExitCode: 137, TimedOut: false, MemoryLimitBytes: > 0 };
        if (!clues.OutOfMemory && !killed && said is null) return null;
        var limit = clues.MemoryLimitBytes is { } bytes and > 0 ? $" of {Size(bytes)}" : "";
        var how = clues.ExitCode is { } code ? $" (exit code {code})" : "";
        return clues.OutOfMemory || killed
            ? new Finding($"{facts.Task} ran out of memory: it needed more than its limit{limit} and was killed{how}.", said ?? facts.Symptom())
            : new Finding($"{facts.Task} ran out of memory{how}.", said);
    }

    private static Finding? Timeout(FailureFacts facts) =>
        facts.Clues.TimedOut ? new Finding($"{facts.Task} did not end within {facts.Clues.TimeoutSeconds?.ToString(CultureInfo.InvariantCulture) ?? "its"} s and was stopped.", facts.Symptom()) : null;

    private static Finding? Pull(FailureFacts facts, System.Text.RegularExpressions.Regex? words, string reason)
    {
        var text = facts.Clues.EngineError ?? facts.Summary;
        if (!VerdictWords.CannotBePulled().IsMatch(text) || words?.IsMatch(text) == false) return null;
        var evidence = facts.Last(VerdictWords.CannotBePulled());
        if (words is null) return new Finding(text.TrimEnd('.') + ".", evidence);
        var image = VerdictWords.Image().Match(text) is { Success: true } match ? match.Groups[1].Value : facts.Subject;
        return new Finding($"The image {image} cannot be pulled: {reason}.", evidence);
    }

    private static Finding? Command(FailureFacts facts)
    {
        var said = facts.LastOwn(VerdictWords.NotRunnable());
        var error = facts.Clues.EngineError is { } words && VerdictWords.NotRunnable().IsMatch(words);
        if (facts.Clues.ExitCode is not (126 or 127) && !error && !(facts.IsBuild && said is not null)) return null;
        var how = facts.Clues.ExitCode is { } code ? $" (exit code {code})" : "";
        return new Finding(
            facts.Clues.ExitCode == 126 ? $"{facts.Task} names a program that is there and cannot be run{how}." : $"{facts.Task} names a program that is not in the image{how}.",
            said ?? facts.Last(VerdictWords.NotRunnable()) ?? facts.Symptom());
    }

    private static Finding? ByWords(FailureFacts facts, System.Text.RegularExpressions.Regex words, string means)
    {
        var said = facts.LastOwn(words);
        if (said is null && !(facts.Clues.EngineError is { } error && words.IsMatch(error))) return null;
        return new Finding($"{facts.Summary.TrimEnd('.')}: {means}.", said ?? facts.Last(words));
    }

    private static Finding? Migration(FailureFacts facts) =>
        !facts.IsBuild && !facts.IsService && VerdictWords.Migration().IsMatch(facts.Subject) && facts.Clues.ExitCode is not null and not 0
            ? new Finding($"{facts.Summary.TrimEnd('.')}: the migration failed.", facts.Symptom())
            : null;

    private static Finding? CrashLoop(FailureFacts facts) => facts is { IsService: true, Clues: { Deaths: > 0, ExitCode: { } code } }
        ? new Finding($"{facts.Subject} crashes while it starts: its process ended {(facts.Clues.Deaths == 1 ? "" : $"{facts.Clues.Deaths} times, the last time ")}with exit code {code}.", facts.Symptom())
        : null;

    private static Finding? Loopback(FailureFacts facts)
    {
        if (facts.Clues is not { Port: { } port, Listening: { } listening }) return null;
        var own = listening.Where(l => l.EndsWith($":{port}", StringComparison.Ordinal)).ToList();
        return own.Count > 0 && own.TrueForAll(IsLoopback)
            ? new Finding($"{facts.Subject} listens on {string.Join(" and ", own)} only, where nobody outside of its container can reach it.", facts.Seen())
            : null;
    }

    private static Finding? Deaf(FailureFacts facts)
    {
        if (facts.Clues is not { Port: { } port }) return null;
        var known = facts.Clues.Listening is { } all && !all.Any(l => l.EndsWith($":{port}", StringComparison.Ordinal));
        if (!known && !(facts.Clues.Listening is null && VerdictWords.NobodyListens().IsMatch(facts.Clues.ProbeAnswer ?? ""))) return null;
        var instead = facts.Clues.Listening is { Count: > 0 } others ? $"; it listens on {string.Join(", ", others)}" : known ? "; it listens on no port at all" : "";
        return new Finding($"{facts.Subject} runs, but nothing in it listens on port {port}{instead}.", facts.Seen());
    }

    private static Finding? Probe(FailureFacts facts) => facts.Clues is { Probe: not null, ProbeAnswer: { } answer }
        ? new Finding($"{facts.Subject} runs, but its readiness probe fails: {answer.TrimEnd('.')}.", facts.Seen())
        : null;

    private static Finding AnythingElse(FailureFacts facts) => new(facts.Summary, facts.LastErrors() is { Count: > 0 } errors ? errors : facts.LastPrinted());

    private static bool IsLoopback(string address) => address.StartsWith("127.", StringComparison.Ordinal) || address.StartsWith("[::1]", StringComparison.Ordinal);

    private static string Size(long bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes} bytes";
}
