using Microsoft.EntityFrameworkCore;
using ReleaseDashboard.Tests.Support;
using Xunit;

namespace ReleaseDashboard.Tests.Store;

public sealed class MigrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Model_AndSnapshot_Agree()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        await using var db = await host.OpenAsync();
        Assert.False(db.Database.HasPendingModelChanges(), "Run: dotnet ef migrations add <Name> --project ReleaseDashboard.Core");
    }

    [Fact]
    public async Task Start_OnAnEmptyDirectory_MakesEveryTable()
    {
        await using var host = await StoreHost.StartAsync(_folder.File("new/data"));
        await using var db = await host.OpenAsync();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(StoreHost.Token));
        Assert.Equal(0, await db.Runs.CountAsync(StoreHost.Token));
    }

    [Theory]
    [InlineData("journal_mode", "wal")]
    [InlineData("busy_timeout", "5000")]
    [InlineData("foreign_keys", "1")]
    [InlineData("synchronous", "1")]
    [InlineData("journal_size_limit", "67108864")]
    public async Task Connection_WhenOpened_HasItsPragmas(string pragma, string expected)
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        await using var db = await host.OpenAsync();
        Assert.Equal(expected, await ReadPragmaAsync(db, pragma));
    }

    [Theory]
    [InlineData(true, "2")]
    [InlineData(false, "1")]
    public async Task Write_ThatIsAcknowledged_IsOnDisk(bool durable, string synchronous)
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        var seen = await host.Gate.WriteAsync((db, _) => ReadPragmaAsync(db, "synchronous"), StoreHost.Token, durable);
        Assert.Equal(synchronous, seen);
    }

    [Fact]
    public async Task SecondStart_OnADirectoryInUse_IsRefusedWithAReason()
    {
        await using var host = await StoreHost.StartAsync(_folder.Path);
        // A clock that runs ahead by itself, so that the wait for a process that is just ending costs the test nothing.
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Core.Store.DataDirectoryLock.TakeAsync(_folder.Path, new Hasty(), StoreHost.Token));
        Assert.Contains("Release__DataDirectory", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string> ReadPragmaAsync(Core.Store.DashboardDb db, string pragma)
    {
        await db.Database.OpenConnectionAsync(StoreHost.Token);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {pragma}";
        return (await command.ExecuteScalarAsync(StoreHost.Token))!.ToString()!;
    }

    private sealed class Hasty : TimeProvider
    {
        private long _ticks;

        public override long GetTimestamp() => _ticks += 60 * TimestampFrequency;
    }
}
