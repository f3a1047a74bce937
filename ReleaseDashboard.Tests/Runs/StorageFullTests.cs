using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ReleaseDashboard.Core.Model;
using ReleaseDashboard.Core.Runs;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Runs;

/// <summary>SQLite itself says SQLITE_FULL: the database file may not grow by one page.</summary>
public sealed class StorageFullTests : IDisposable
{
    private static readonly string Long = $"{RunHost.Template}\n# {new string('x', 300_000)}\n";

    private readonly TemporaryFolder _folder = new();
    private readonly PageLimit _limit = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Command_WhenTheDatabaseCannotGrow_IsRefusedWhole_AndTheProcessGoesOn()
    {
        await using var host = await RunHost.StartAsync(_folder.Path, configure: s => s.ConfigureDbContext<DashboardDb>(b => b.AddInterceptors(_limit)));
        await host.ApplicationAsync(Long);
        var before = await host.EnvironmentAsync();
        Assert.Equal(RunStatus.Succeeded, (await host.EndedAsync(before.Id)).Status);

        _limit.Full = true;
        var request = new NewEnvironment("shop", "main", null, EnvironmentKind.Permanent, "staging");
        var refused = await host.Commands.CreateEnvironmentAsync(request, RunHost.By("create", "k"), RunHost.Token);
        RunHost.Refused("disk_full", refused);
        Assert.Contains("disk", refused.Refusal!.Message, StringComparison.Ordinal);
        Assert.Equal([before.Environment], (await host.Records.ListEnvironmentsAsync(RunHost.Token)).Select(e => e.Id));
        Assert.Null(await host.Records.ReadConfigurationAsync("shop", "staging", RunHost.Token));
        Assert.Empty((await host.Views.QueueAsync(RunHost.Token)).Waiting);

        _limit.Full = false;
        var accepted = RunHost.Accepted(await host.Commands.CreateEnvironmentAsync(request, RunHost.By("create", "k"), RunHost.Token));
        Assert.Equal(RunStatus.Succeeded, (await host.EndedAsync(accepted.Id)).Status);
    }

    private sealed class PageLimit : DbConnectionInterceptor
    {
        private const uint None = 4294967294;

        public bool Full { get; set; }

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Limit(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Limit(connection);
            return Task.CompletedTask;
        }

        /// <summary>SQLite takes the present size instead of a smaller one. Connections are pooled, so each is told every time.</summary>
        private void Limit(DbConnection connection)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Full ? "PRAGMA max_page_count=1" : $"PRAGMA max_page_count={None}";
            command.ExecuteNonQuery();
        }
    }
}
