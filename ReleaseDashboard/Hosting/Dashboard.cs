using Microsoft.AspNetCore.Connections;
using ReleaseDashboard.Auth;
using ReleaseDashboard.Components;
using ReleaseDashboard.Core;
using ReleaseDashboard.Endpoints;
using ReleaseDashboard.Git;
using ReleaseDashboard.Hubs;
using ReleaseDashboard.Metrics;
using ReleaseDashboard.Proxy;

namespace ReleaseDashboard.Hosting;

/// <summary>The whole web host: what is registered, and what a request passes, in order.</summary>
internal static class Dashboard
{
    public static void AddDashboard(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.Configuration.AddQuietLogging();
        // An unpublished build serves its static files in every environment, not only in Development.
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, string.Join(';', ListenUrls.Read(builder.Configuration)));
        builder.WebHost.ConfigureKestrel(o => o.AddServerHeader = false);
        services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(5));

        services.AddOptions<CoreOptions>().Bind(builder.Configuration.GetSection(CoreOptions.Section));
        services.AddSingleton<PublicAddress>();
        services.AddSingleton<IPublicAddress>(p => p.GetRequiredService<PublicAddress>());
        services.AddReleaseCore();
        services.AddSignIn(builder.Configuration);
        services.AddPages();
        services.AddEndpoints();
        services.AddProxy();
        services.AddMetricsText();
        services.AddHostedService<IdleMemory>();
    }

    public static void UseDashboard(this WebApplication app)
    {
        app.UseMiddleware<StopGate>();
        app.Use(MetricsEndpoints.MeasureAsync);
        app.UseWebSockets();
        app.UseMiddleware<EnvironmentProxy>();
        app.Use(SecurityHeaders.RunAsync);
        app.UseWhen(c => Problems.AreWantedBy(c.Request), programs => programs
            .UseStatusCodePages(StatusPages.WriteAsync)
            .UseMiddleware<ExceptionAnswers>());
        app.UseWhen(c => !Problems.AreWantedBy(c.Request), browsers => browsers
            .UseExceptionHandler("/error", createScopeForErrors: true)
            .UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        app.UseRouting();
        app.Use(OriginCheck.RunAsync);
        app.Use(SignIn.ExchangeLinkAsync);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();

        app.MapStaticAssets().AllowAnonymous();
        app.MapSignIn();
        app.MapApi();
        app.MapHub<LogHub>("/hubs/logs");
        app.MapOpenApi();
        app.MapHealth();
        app.MapMetricsText();
        app.MapGitRemote();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = "'none'");
    }

    /// <summary>Runs until it is told to stop. Returns the exit code.</summary>
    public static async Task<int> RunDashboardAsync(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            return StartCheck.Refuse([StartCheck.PortTaken(app.Configuration[WebHostDefaults.ServerUrlsKey] ?? ListenUrls.Default)]);
        }
        catch (InvalidOperationException e) when (e.InnerException is IOException)
        {
            // Another process has the data directory; the message says what to do.
            return StartCheck.Refuse([e.Message]);
        }
    }
}
