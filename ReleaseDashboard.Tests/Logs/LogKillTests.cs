using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace ReleaseDashboard.Tests.Logs;

/// <summary>A real process that writes a log and is killed in the middle of it.</summary>
public sealed class LogKillTests
{
    private const string ChildFolder = "RELEASE_TEST_LOG_CHILD";
    private const string ChildWritesBytes = "RELEASE_TEST_LOG_CHILD_BYTES";

    // Before the test program's own Main: started with the variable set, it is the writer that will be killed.
    [ModuleInitializer]
    internal static void RunAsChild()
    {
        if (Environment.GetEnvironmentVariable(ChildFolder) is not { Length: > 0 } folder) return;
        var writer = LogFixture.Open(folder).OpenWriter("run-1", []);
        if (Environment.GetEnvironmentVariable(ChildWritesBytes) is { Length: > 0 }) WriteBytes(writer);
        var text = new string('x', 300);
        for (var i = writer.TotalLines + 1; ; i++)
        {
            var last = writer.WriteAsync(Core.Model.LogSource.Out, "jobs.a", $"{i} {text[..(int)(i % 300)]}", CancellationToken.None);
            if (!last.IsCompletedSuccessfully) Environment.Exit(3);
            // Said only when the line is acknowledged.
            Console.Out.WriteLine(i);
        }
    }

    [Fact]
    public Task Kill_WhileBytesAreWritten_LeavesASequence() => KillWhileBytesAreWrittenAsync(4);

    /// <summary>Kills a process that writes a numbered sequence, cut anywhere, again and again; each one goes on behind what the log has.</summary>
    internal static async Task KillWhileBytesAreWrittenAsync(int times)
    {
        using var logs = new LogFixture();
        long total = 0;
        for (var round = 0; round < times; round++)
        {
            var acknowledged = await WriteAndKillAsync(logs.DataDirectory, total + 5000 + (round * 137), bytes: true);
            await using (var writer = logs.Reopen().OpenWriter("run-1", [])) total = writer.TotalLines;
            Assert.True(total >= acknowledged, $"{acknowledged} lines were acknowledged and {total} are there.");
        }
        var lines = await logs.Reopen().AllAsync("run-1");
        Assert.Equal(total, lines.Count);
        Assert.All(lines, line => Assert.Equal(Numbered(line.Number), line.Text));
    }

    [Fact]
    public async Task Kill_WhileWriting_LosesNoAcknowledgedLine()
    {
        using var logs = new LogFixture();
        long total = 0;
        for (var round = 0; round < 6; round++)
        {
            var acknowledged = await WriteAndKillAsync(logs.DataDirectory, total + 500 + (round * 137));
            await using (var writer = logs.Reopen().OpenWriter("run-1", [])) total = writer.TotalLines;
            Assert.InRange(total, acknowledged, acknowledged + 1);
            var lines = await logs.Reopen().AllAsync("run-1");
            Assert.Equal(total, lines.Count);
            Assert.All(lines, line => Assert.Equal($"{line.Number} {new string('x', (int)(line.Number % 300))}", line.Text));
            Assert.Equal(new(total, 1, total), await logs.Reopen().CountTaskLinesAsync("run-1", "jobs.a", LogFixture.Cancellation));
        }
    }

    private static string Numbered(long number) => $"{number} {new string((char)('a' + (number % 26)), (int)(number * 7919 % 300))}";

    private static void WriteBytes(Core.Logs.ILogWriter writer)
    {
        var random = new Random();
        var text = new List<byte>();
        for (var next = writer.TotalLines + 1; ; )
        {
            for (var i = 0; i < 50; i++) text.AddRange(System.Text.Encoding.ASCII.GetBytes(Numbered(next++) + "\n"));
            var cut = random.Next(1, text.Count);
            var written = writer.WriteBytesAsync(Core.Model.LogSource.Out, "jobs.a", text.GetRange(0, cut).ToArray(), CancellationToken.None);
            if (!written.IsCompletedSuccessfully) Environment.Exit(3);
            text.RemoveRange(0, cut);
            // Said only when the lines are acknowledged.
            Console.Out.WriteLine(writer.TotalLines);
        }
    }

    private static async Task<long> WriteAndKillAsync(string folder, long until, bool bytes = false)
    {
        var start = new ProcessStartInfo(Path.ChangeExtension(typeof(LogKillTests).Assembly.Location, null)) { RedirectStandardOutput = true };
        start.Environment[ChildFolder] = folder;
        if (bytes) start.Environment[ChildWritesBytes] = "yes";
        using var child = Process.Start(start)!;
        long acknowledged = 0;
        while (await child.StandardOutput.ReadLineAsync(LogFixture.Cancellation) is { } line)
        {
            // The last line of a killed process may be cut.
            if (long.TryParse(line, out var number) && (number == acknowledged + 1 || (bytes && number > acknowledged && number < acknowledged + 1000)) || acknowledged == 0 && long.TryParse(line, out number)) acknowledged = number;
            if (acknowledged >= until && !child.HasExited) child.Kill();
        }
        await child.WaitForExitAsync(LogFixture.Cancellation);
        return acknowledged;
    }
}
