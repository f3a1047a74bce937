using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ReleaseDashboard.Tests.Architecture;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Acceptance;

/// <summary>The README, carried out: clone, one command, and then only clicks.</summary>
[Trait("Needs", "Docker")]
public sealed class NewcomerTests
{
    [Fact]
    public async Task FreshClone_OneCommandThenClicks_EnvironmentOfTheSampleAnswers()
    {
        using var folder = new TemporaryFolder();
        await Tool.GitAsync(folder.Path, "-c", "safe.directory=*", "clone", "-q", "--no-local", "--depth", "1", $"file://{SourceTree.Root}", "clone");
        var clone = folder.File("clone");
        var port = DashboardProcess.FreePort();
        using var api = new DashboardApi(new Uri($"http://localhost:{port}"), DashboardProcess.Token);
        using var process = Process.Start(RunScript(clone, port))!;
        var link = SignInLinkAsync(process);
        try
        {
            await using var chromium = await Chromium.LaunchAsync();
            var page = await chromium.OpenAsync();
            await Chromium.GoAsync(page, await link.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken));

            await page.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).First.ClickAsync();
            await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).ClickAsync();
            await Assertions.Expect(page).ToHaveURLAsync(new Regex("/environments/[^/]+$"), new() { Timeout = 30_000 });

            // Live: lines of the build and of the setup are painted while the deployment is under way.
            var log = page.GetByRole(AriaRole.Log, new() { Name = "Stage log" });
            await Assertions.Expect(log.Locator("[data-line]").Filter(new() { HasText = "Step application" })).ToHaveCountAsync(1, new() { Timeout = 120_000 });
            var status = page.GetByRole(AriaRole.Status).First;
            await Assertions.Expect(status).ToContainTextAsync("Ready", new() { Timeout = 120_000 });
            await Assertions.Expect(status).ToContainTextAsync("healthy", new() { Timeout = 20_000 });

            var url = await page.GetByRole(AriaRole.Link, new() { NameRegex = new("web-visits-") }).GetAttributeAsync("href");
            var (code, commit) = await DashboardApi.VisitAsync(url!.TrimEnd('/') + "/commit");
            Assert.Equal(HttpStatusCode.OK, code);
            Assert.Equal((await api.GetAsync("/environments"))["items"]![0]!["commit"].Text(), commit);

            // In the same browser, by its own name, as a person opens it.
            var visit = await chromium.OpenAsync();
            Assert.True((await visit.GotoAsync(url))!.Ok);
            Assert.Contains(commit[..7], await visit.ContentAsync(), StringComparison.Ordinal);
            await Leftovers.RemoveAsync(api);
        }
        finally
        {
            // Ctrl-C. The script has become the dashboard, so this is its own process.
            await Tool.TryAsync("kill", ["-INT", process.Id.ToString()]);
            try
            {
                await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            }
            finally
            {
                if (!process.HasExited) process.Kill();
            }
        }

        Assert.Equal(0, process.ExitCode);
    }

    private static ProcessStartInfo RunScript(string clone, int port)
    {
        // A runner that was started in the background hands down "ignore Ctrl-C"; a terminal does not.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Path.Combine(clone, "run.sh")]) { WorkingDirectory = clone, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ASPNETCORE_URLS"] = $"http://localhost:{port}";
        start.Environment["Release__Auth__BootstrapToken"] = DashboardProcess.Token;
        return start;
    }

    private static Task<string> SignInLinkAsync(Process process)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new System.Text.StringBuilder();
        process.OutputDataReceived += (_, e) => Read(e.Data);
        process.ErrorDataReceived += (_, e) => Read(e.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => found.TrySetException(new InvalidOperationException($"run.sh ended:\n{said}"));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return found.Task;

        void Read(string? line)
        {
            lock (said) said.AppendLine(line);
            if (line?.Split("Sign in: ") is [_, var link]) found.TrySetResult(link.Trim());
        }
    }
}
