using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ReleaseDashboard.Core.Logs.Questions;
using ReleaseDashboard.Core.Logs.Questions.Outline;
using ReleaseDashboard.Core.Logs.Timelines;

namespace ReleaseDashboard.Core.Logs;

internal static class LogsServices
{
    internal static IServiceCollection AddLogs(this IServiceCollection services)
    {
        services.TryAddSingleton<FileLogStore>();
        services.TryAddSingleton<ILogStore>(p => p.GetRequiredService<FileLogStore>());
        services.TryAddSingleton<ILogTail>(p => p.GetRequiredService<FileLogStore>());
        services.TryAddSingleton<ILogContents>(p => p.GetRequiredService<FileLogStore>());
        services.TryAddSingleton<ILogTimelines, LogTimelines>();
        services.TryAddSingleton<OutlineCache>();
        services.TryAddSingleton<ILogQuestions, LogQuestions>();
        services.TryAddSingleton<ILogKeeping>(p => p.GetRequiredService<FileLogStore>());
        services.AddHostedService<LogCompressor>();
        return services;
    }
}
