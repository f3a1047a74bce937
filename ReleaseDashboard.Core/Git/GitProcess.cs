using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace ReleaseDashboard.Core.Git;

/// <summary>What one git call answered.</summary>
internal sealed record GitAnswer(int ExitCode, byte[] Bytes, string Error)
{
    public bool Succeeded => ExitCode == 0;

    public string Text => Encoding.UTF8.GetString(Bytes);
}

/// <summary>
/// Runs the machine's git: arguments as a list, an environment without anything inherited that would redirect it, no questions asked,
/// ended with its children when cancelled or over time.
/// </summary>
internal sealed class GitProcess(GitHome home, TimeProvider time)
{
    /// <summary>Reading local objects takes moments; this is for a disk that hangs.</summary>
    private static readonly TimeSpan LocalLimit = TimeSpan.FromMinutes(2);

    /// <summary>What is kept of an answer: a repository that somebody else wrote may have more refs and files than this machine has memory.</summary>
    private const int LargestAnswer = 64 * 1024 * 1024;

    public Task<GitAnswer> RunAsync(string? repository, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(repository, arguments, null, LocalLimit, cancellationToken);

    /// <exception cref="GitException">The answer is too large.</exception>
    /// <exception cref="TimeoutException">It took longer than <paramref name="limit"/>.</exception>
    public async Task<GitAnswer> RunAsync(
        string? repository,
        IEnumerable<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? environment,
        TimeSpan limit,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var process = Start(repository, arguments, environment);
        try
        {
            process.StandardInput.Close();
            var error = GitOutput.ReadErrorAsync(process.StandardError, linked.Token);
            var bytes = await GitOutput.ReadAsync(process.StandardOutput.BaseStream, LargestAnswer, linked.Token).ConfigureAwait(false);
            var said = await error.ConfigureAwait(false);
            await process.WaitForExitAsync(linked.Token).ConfigureAwait(false);
            return new GitAnswer(process.ExitCode, bytes, said);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"git did not finish within {limit.TotalSeconds:0} seconds.");
        }
        finally
        {
            Kill(process);
        }
    }

    /// <summary>Starts git with all three streams open; the caller ends it with <see cref="Kill"/> and disposes it.</summary>
    public Process Start(string? repository, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment)
    {
        var start = new ProcessStartInfo("git")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        if (repository is not null) start.ArgumentList.Add($"--git-dir={repository}");
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        Clean(start.Environment);
        foreach (var (key, value) in environment ?? []) start.Environment[key] = value;
        try
        {
            return Process.Start(start) ?? throw new GitException("git could not be started.");
        }
        catch (Win32Exception)
        {
            throw new GitException("git is not installed on this machine. Install it (Debian and Ubuntu: apt-get install git) and try again.");
        }
    }

    public static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself in between.
        }
    }

    /// <summary>Closes git's input; git may be gone already.</summary>
    public static void CloseInput(Process process)
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Nobody reads it any more.
        }
    }

    private void Clean(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal) && k is not ("GIT_SSH" or "GIT_SSH_COMMAND")).ToList())
            environment.Remove(name);
        environment["GIT_CONFIG_GLOBAL"] = home.ConfigurationFile();
        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_TERMINAL_PROMPT"] = "0";
        environment["GIT_ASKPASS"] = "";
        environment["GIT_ALLOW_PROTOCOL"] = "http:https:ssh:git:file";
        environment["GIT_OPTIONAL_LOCKS"] = "0";
        environment["LC_ALL"] = "C";
        if (!environment.ContainsKey("GIT_SSH_COMMAND") && !environment.ContainsKey("GIT_SSH"))
            environment["GIT_SSH_COMMAND"] = "ssh -oBatchMode=yes -oConnectTimeout=15 -oStrictHostKeyChecking=accept-new";
    }
}
