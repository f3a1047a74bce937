using System.Net;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Acceptance;

[Trait("Needs", "Docker")]
public sealed class DiskFullTests
{
    [Fact]
    public async Task DataDirectory_Full_NewRunsAreRefusedInASentenceAndGoOnWhenThereIsRoom()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Mounting a small file system needs root.");
        using var folder = new TemporaryFolder();
        await Tool.RunAsync("mount", ["-t", "tmpfs", "-o", "size=300m", "tmpfs", folder.Path]);
        try
        {
            await using var dashboard = new DashboardProcess(folder.Path);
            await dashboard.StartAsync();
            try
            {
                using var application = await TestApplication.CreateAsync(dashboard);
                var environment = await application.EnvironmentAsync();

                var filler = folder.File("filler");
                await Tool.TryAsync("dd", ["if=/dev/zero", $"of={filler}", "bs=1M", "count=400"]);
                var (status, body) = await dashboard.Api.TryPostAsync($"/environments/{environment}/setup");
                Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
                Assert.Equal("disk_full", body["code"].Text());
                Assert.Equal(HttpStatusCode.OK, (await dashboard.Api.Http.GetAsync("/healthz", TestContext.Current.CancellationToken)).StatusCode);
                Assert.Equal("ready", (await dashboard.Api.EnvironmentAsync(environment))["phase"].Text());

                File.Delete(filler);
                await dashboard.Api.SucceededAsync((await dashboard.Api.PostAsync($"/environments/{environment}/setup"))["id"].Text());
            }
            finally
            {
                await Leftovers.RemoveAsync(dashboard.Api);
            }
        }
        finally
        {
            await Tool.TryAsync("umount", ["-l", folder.Path]);
        }
    }
}
