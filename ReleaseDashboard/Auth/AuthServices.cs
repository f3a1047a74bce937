using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using ReleaseDashboard.Core;
using ReleaseDashboard.Endpoints;
using ReleaseDashboard.Hosting;

namespace ReleaseDashboard.Auth;

internal static class AuthServices
{
    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        // Cookies know no ports: without it in the name two dashboards on one machine would sign each other out.
        var port = ListenUrls.FirstPort(configuration);
        services.AddSingleton<TokenUse>();
        services.AddSingleton<TokenCheck>();
        services.AddSingleton<ApiTokens>();
        services.AddSingleton<SignInLimit>();
        services.AddHostedService<SignInLink>();
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = $"release-form-{port}";
            o.Cookie.SameSite = SameSiteMode.Strict;
        });

        services.AddDataProtection().SetApplicationName("ReleaseDashboard");
        services.AddOptions<Microsoft.AspNetCore.DataProtection.KeyManagement.KeyManagementOptions>()
            .Configure<IOptions<CoreOptions>, ILoggerFactory>((o, core, log) =>
                o.XmlRepository = new Microsoft.AspNetCore.DataProtection.Repositories.FileSystemXmlRepository(
                    KeyFolder(core.Value), log));

        services.AddAuthentication(AuthSchemes.Select)
            .AddPolicyScheme(AuthSchemes.Select, null, o => o.ForwardDefaultSelector = context => AuthSchemes.For(context.Request))
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(AuthSchemes.Token, null)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(AuthSchemes.Git, null)
            .AddCookie(AuthSchemes.Cookie, o => Configure(o, port));

        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddCascadingAuthenticationState();
        return services;
    }

    /// <summary>For the dashboard's own user only.</summary>
    private static DirectoryInfo KeyFolder(CoreOptions options)
    {
        var path = Path.Combine(options.DataDirectory, "keys");
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Configure(CookieAuthenticationOptions options, int port)
    {
        options.Cookie.Name = $"release-{port}";
        options.Cookie.HttpOnly = true;
        // Not Strict: the printed link, opened from a terminal or a chat, would arrive signed out. Origin is checked besides.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = TimeSpan.FromDays(14);
        options.SlidingExpiration = true;
        options.LoginPath = "/login";
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnRedirectToLogin = context =>
        {
            if (!Problems.AreWantedBy(context.Request))
            {
                context.Response.Redirect(context.RedirectUri);
                return Task.CompletedTask;
            }

            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Problems.WriteAsync(context.HttpContext, StatusCodes.Status401Unauthorized, "unauthorized", "Sign in, or send an API token as \"Authorization: Bearer …\".");
        };
    }
}
