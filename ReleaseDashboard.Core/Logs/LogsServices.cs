using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ReleaseDashboard.Core.Logs;

internal static class LogsServices
{
    internal static IServiceCollection AddLogs(this IServiceCollection services)
    {
        services.TryAddSingleton<FileLogStore>();
        services.TryAddSingleton<ILogStore>(p => p.GetRequiredService<FileLogStore>());
        services.TryAddSingleton<ILogTail>(p => p.GetRequiredService<FileLogStore>());
        return services;
    }
}
