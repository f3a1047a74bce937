using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ReleaseDashboard.Core.Store;

internal static class StoreServices
{
    internal static IServiceCollection AddStore(this IServiceCollection services)
    {
        services.AddDbContextFactory<DashboardDb>((provider, builder) => Configure(builder, provider.GetRequiredService<IOptions<CoreOptions>>().Value));
        services.TryAddSingleton<WriteGate>();
        services.TryAddSingleton<IRecordStore, RecordStore>();
        services.TryAddSingleton<IObservationStore, ObservationStore>();
        services.TryAddSingleton<IRefStore, RefStore>();
        services.TryAddSingleton<ITokenStore, TokenStore>();
        services.TryAddSingleton<RunStore>();
        services.TryAddSingleton<IRunStore>(provider => provider.GetRequiredService<RunStore>());
        services.TryAddSingleton<IRunRecovery>(provider => provider.GetRequiredService<RunStore>());
        services.TryAddSingleton<IJournalStore, JournalStore>();
        services.TryAddSingleton<IRunHistory, RunHistory>();
        services.TryAddSingleton<ILogOwners, LogOwners>();
        services.TryAddSingleton<CommandStore>();
        services.TryAddSingleton<ViewStore>();
        services.TryAddSingleton<EnvironmentViewStore>();
        services.TryAddSingleton<RunViewStore>();
        services.TryAddSingleton<StoreUpkeep>();
        services.AddHostedService<StoreStart>();
        services.AddHostedService(provider => provider.GetRequiredService<StoreUpkeep>());
        return services;
    }

    internal static void Configure(DbContextOptionsBuilder builder, CoreOptions options) =>
        builder.UseSqlite(ConnectionString(options)).AddInterceptors(new SqlitePragmas());

    /// <summary>A private cache: with a shared one BUSY becomes LOCKED, which busy_timeout does not cover.</summary>
    internal static string ConnectionString(CoreOptions options) =>
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(options.DataDirectory, "release.db"), Cache = SqliteCacheMode.Private, DefaultTimeout = 10 }.ToString();
}
