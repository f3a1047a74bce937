using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ReleaseDashboard.Core.Store;

/// <summary>For <c>dotnet ef migrations add</c> only.</summary>
internal sealed class DesignTimeDb : IDesignTimeDbContextFactory<DashboardDb>
{
    public DashboardDb CreateDbContext(string[] args)
    {
        var builder = new DbContextOptionsBuilder<DashboardDb>();
        StoreServices.Configure(builder, new CoreOptions { DataDirectory = Path.GetTempPath() });
        return new DashboardDb(builder.Options);
    }
}
