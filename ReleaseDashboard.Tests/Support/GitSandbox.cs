using System.Diagnostics;
using Xunit;

namespace ReleaseDashboard.Tests.Support;

/// <summary>Real repositories for tests, made and pushed to with the real git client. Everything lies in a folder that goes with the test.</summary>
internal sealed class GitSandbox : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _clones;

    public string Folder => _folder.Path;

    public string PathOf(string name) => Path.Combine(_folder.Path, name);

    /// <summary>A bare repository with one commit on <paramref name="branch"/>. Returns its path: it can be used as an application's address.</summary>
    public async Task<string> CreateRemoteAsync(string name, string branch = "main", params (string Path, string Content)[] files)
    {
        var remote = PathOf(name + ".git");
        await GitAsync(null, "init", "--quiet", "--bare", $"--initial-branch={branch}", remote);
        await PushAsync(remote, branch, "First commit", files.Length == 0 ? [("README.md", "# " + name + "\n")] : files);
        return remote;
    }

    /// <summary>Commits the files on top of the branch (made when it is not there) and pushes. Returns the new commit's sha.</summary>
    public async Task<string> PushAsync(string remote, string branch, string message, params (string Path, string Content)[] files)
    {
        var clone = await CloneAsync(remote);
        if ((await TryGitAsync(clone, "checkout", "--quiet", branch)).ExitCode != 0) await GitAsync(clone, "checkout", "--quiet", "-B", branch);
        return await CommitAndPushAsync(clone, branch, message, files);
    }

    public async Task<string> CloneAsync(string remote)
    {
        var clone = PathOf($"clone-{Interlocked.Increment(ref _clones)}");
        await GitAsync(null, "clone", "--quiet", remote, clone);
        await GitAsync(clone, "config", "user.name", "Ada Lovelace");
        await GitAsync(clone, "config", "user.email", "ada@example.test");
        return clone;
    }

    public async Task<string> CommitAndPushAsync(string clone, string branch, string message, params (string Path, string Content)[] files)
    {
        var sha = await CommitAsync(clone, message, files);
        await GitAsync(clone, "push", "--quiet", "origin", $"HEAD:refs/heads/{branch}");
        return sha;
    }

    public async Task<string> CommitAsync(string clone, string message, params (string Path, string Content)[] files)
    {
        foreach (var (path, content) in files)
        {
            var file = Path.Combine(clone, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        }

        await GitAsync(clone, "add", "--all", "--force");
        await GitAsync(clone, "commit", "--quiet", "--allow-empty", "-m", message);
        return (await GitAsync(clone, "rev-parse", "HEAD")).Trim();
    }

    /// <summary>Runs git; throws with its words when it fails. Returns its standard output.</summary>
    public async Task<string> GitAsync(string? directory, params string[] arguments)
    {
        var (exitCode, output, error) = await TryGitAsync(directory, arguments);
        return exitCode == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)} failed: {error}");
    }

    public async Task<(int ExitCode, string Output, string Error)> TryGitAsync(string? directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory ?? _folder.Path };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await error);
    }

    public void Dispose() => _folder.Dispose();
}
