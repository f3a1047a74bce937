using Microsoft.Playwright;
using ReleaseDashboard.Tests.Acceptance;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Benchmarks;

public sealed class ClickBenchmarks
{
    private const int Rounds = 11;

    /// <summary>Takes the time in the page itself: from the click that asks to the first line of the new run that is drawn.</summary>
    private const string Clock = """
        text => {
          window.clock = {};
          document.addEventListener('click', e => { if (e.target.closest('button')) { window.clock.clicked = performance.now(); } }, true);
          const look = () => {
            if (window.clock.drawn) return;
            for (const row of document.querySelectorAll('[role=log] [data-line]'))
              if (row.textContent.includes(text)) { window.clock.drawn = performance.now(); return; }
          };
          new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
        }
        """;

    [Fact(Explicit = true)]
    public async Task Click_ToTheFirstLine()
    {
        using var data = new TemporaryFolder();
        await using var dashboard = new DashboardProcess(data.Path);
        await dashboard.StartAsync();
        using var application = await TestApplication.CreateAsync(dashboard);
        var environment = await application.EnvironmentAsync();
        await using var chromium = await Chromium.LaunchAsync();
        var page = await chromium.OpenAsync();
        await Chromium.GoAsync(page, dashboard.SignInLink);
        var times = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            // A patch in between, so that the text waited for is not on the page before.
            await dashboard.Api.SucceededAsync((await dashboard.Api.PostAsync($"/environments/{environment}/deploy"))["id"].Text());
            await Chromium.GoAsync(page, $"{dashboard.Address}environments/{environment}");
            await Assertions.Expect(page.Locator("[role=log] [data-line]").Filter(new() { HasText = "Patch of" }).First).ToBeVisibleAsync();
            await page.EvaluateAsync(Clock, $"Setup of {environment} started");
            await page.GetByRole(AriaRole.Button, new() { Name = "Run setup", Exact = true }).ClickAsync();
            await page.WaitForFunctionAsync("() => window.clock.drawn && window.clock.clicked");
            times.Add(await page.EvaluateAsync<double>("() => window.clock.drawn - window.clock.clicked"));
            await Eventually.TrueAsync(async () => (await dashboard.Api.EnvironmentAsync(environment))["phase"].Text() == "ready", "the run has ended");
        }

        BenchTable.Row("click to the first log line in the browser, median", BenchTable.Median(times), "ms", target: "≤ 150 ms");
        await Leftovers.RemoveAsync(dashboard.Api);
    }
}
