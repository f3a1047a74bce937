using Microsoft.Extensions.DependencyInjection;

namespace ReleaseDashboard.Core.Logs;

internal static class LogsServices
{
    internal static IServiceCollection AddLogs(this IServiceCollection services) => services;
}
