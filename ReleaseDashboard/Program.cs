using ReleaseDashboard.Hosting;

var builder = WebApplication.CreateBuilder(StaticFiles.Options(args));
if (StartCheck.Problems(builder.Configuration) is { Count: > 0 } problems) return StartCheck.Refuse(problems);

builder.AddDashboard();
await using var app = builder.Build();
app.UseDashboard();
return await app.RunDashboardAsync();

/// <summary>Named so that tests can start the real application.</summary>
public sealed partial class Program;
