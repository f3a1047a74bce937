using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Core.Store;
using ReleaseDashboard.Core.Store.Entities;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Store;

public sealed class StoreUpkeepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tend_KeysOlderThanAWeek_AreForgottenAndTheWalIsFoldedBack()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        await host.AddAsync(Key("old", host));
        host.Time.Advance(TimeSpan.FromDays(3));
        await host.AddAsync(Key("young", host));
        host.Time.Advance(StoreUpkeep.KeysLive - TimeSpan.FromDays(3) + TimeSpan.FromSeconds(1));
        var wal = new FileInfo(Path.Combine(_folder.Path, "release.db-wal"));
        Assert.True(wal.Length > 0);

        Assert.Equal(1, await host.Get<StoreUpkeep>().TendAsync(StoreHost.Token));
        await using var db = await host.OpenAsync();
        Assert.Equal("young", await db.Idempotency.Select(i => i.Key).SingleAsync(StoreHost.Token));
        wal.Refresh();
        Assert.Equal(0, wal.Length);
    }

    private static IdempotencyEntity Key(string key, StoreHost host) => new() { Key = key, Request = "deploy", Result = "1", At = host.Time.GetUtcNow() };
}
