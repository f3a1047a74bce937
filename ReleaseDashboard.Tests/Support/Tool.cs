using System.Diagnostics;
using System.Text;

namespace ReleaseDashboard.Tests.Support;

/// <summary>Runs a command-line tool as a user would and returns what it printed.</summary>
internal static class Tool
{
    public static async Task<string> RunAsync(string file, IEnumerable<string> arguments, string? folder = null)
    {
        var (code, output) = await TryAsync(file, arguments, folder);
        return code == 0 ? output.Trim() : throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {code}:\n{output}");
    }

    public static async Task<(int Code, string Output)> TryAsync(string file, IEnumerable<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        // The user's own git settings must not decide a test.
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        foreach (var role in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{role}_NAME"] = "Test";
            start.Environment[$"GIT_{role}_EMAIL"] = "test@example.test";
        }

        using var process = new Process { StartInfo = start };
        var output = new StringBuilder();
        process.OutputDataReceived += (_, e) => Append(e.Data);
        process.ErrorDataReceived += (_, e) => Append(e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await process.WaitForExitAsync();
        return (process.ExitCode, output.ToString());

        void Append(string? line)
        {
            if (line is null) return;
            lock (output) output.AppendLine(line);
        }
    }

    public static Task<string> DockerAsync(params string[] arguments) => RunAsync("docker", arguments);

    public static Task<string> GitAsync(string folder, params string[] arguments) => RunAsync("git", arguments, folder);

    /// <summary>Lines of <c>docker ps -aq</c> for one environment and (optionally) service.</summary>
    public static async Task<IReadOnlyList<string>> ContainersAsync(string environment, string? service = null)
    {
        var arguments = new List<string> { "ps", "-aq", "--no-trunc", "--filter", $"label=release.environment={environment}" };
        if (service is not null) arguments.AddRange(["--filter", $"label=release.service={service}"]);
        return (await RunAsync("docker", arguments)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
