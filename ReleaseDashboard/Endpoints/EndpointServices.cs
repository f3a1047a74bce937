using Microsoft.AspNetCore.Http.Json;
using ReleaseDashboard.Hubs;

namespace ReleaseDashboard.Endpoints;

internal static class EndpointServices
{
    public static IServiceCollection AddEndpoints(this IServiceCollection services)
    {
        // Bad requests become problem details in one place instead of empty answers.
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.Configure<JsonOptions>(o =>
        {
            o.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
            o.SerializerOptions.RespectRequiredConstructorParameters = true;
            o.SerializerOptions.RespectNullableAnnotations = true;
        });
        services.AddSingleton<LogReply>();
        services.AddSingleton<LogAnswers>();
        services.AddSingleton<SharedLines>();
        services.AddApiDescription();
        return services;
    }
}
