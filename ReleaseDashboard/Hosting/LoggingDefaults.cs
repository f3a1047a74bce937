using Microsoft.Extensions.Configuration.Memory;

namespace ReleaseDashboard.Hosting;

internal static class LoggingDefaults
{
    /// <summary>
    /// Below every other source, so that a setting wins. The server's own lines would fill the console, and hold the addresses of
    /// sign-in links and hub connections with their tokens.
    /// </summary>
    public static void AddQuietLogging(this IConfigurationBuilder configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
                ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
                ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Warning",
                ["Logging:LogLevel:ReleaseDashboard.Auth.TokenHandler"] = "Warning",
                ["Logging:LogLevel:System.Net.Http"] = "Warning",
                ["Logging:LogLevel:Yarp"] = "Error",
            },
        });
}
